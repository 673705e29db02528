/** Both charts with title, axes and legend as one picture, for files: PNG through a canvas, SVG through SvgContext. */
import { BOTTOM, font, LEFT, RIGHT, tick, X_AXES } from "./axes.js";
import { createFrame } from "./frame.js";
import { addShape } from "./shapes.js";
import { SvgContext } from "./svg.js";
import { linearTicks, logTicks } from "./ticks.js";

/** @import { Drawable } from "../types.js" */
/** @import { Box, Frame } from "./frame.js" */
/** @import { Over, Scene } from "./plot.js" */

/**
 * @typedef {object} Figure
 * @property {string} title
 * @property {string} gapTitle
 * @property {Drawable[]} drawables
 * @property {{scene: Scene, over: Over}} loss
 * @property {{scene: Scene, over: Over}} gap
 */

const WIDTH = 1000;
const LOSS = 380;
const GAP = 170;
const HEAD = 30;
const ROW = 18;
const COLUMN = 242;
/** More names than this would leave no room for the charts. */
const NAMES = 40;

/** @param {Figure} figure */
function heightOf({ drawables }) {
  const names = Math.min(drawables.length, NAMES) + Number(drawables.length > NAMES);
  return HEAD + LOSS + HEAD + GAP + BOTTOM + 40 + Math.ceil(names / 4) * ROW;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Figure} figure
 * @param {number} ratio
 */
function draw(ctx, figure, ratio) {
  const { loss, gap, title, gapTitle, drawables } = figure;
  const { ink, xKind } = loss.scene;
  const height = heightOf(figure);
  const r = (/** @type {number} */ size) => size * ratio;
  ctx.fillStyle = ink.ground;
  ctx.fillRect(0, 0, r(WIDTH), r(height));
  const inner = WIDTH - LEFT - RIGHT;
  const upper = { left: r(LEFT), top: r(HEAD), width: r(inner), height: r(LOSS) };
  const lower = { left: r(LEFT), top: r(HEAD + LOSS + HEAD), width: r(inner), height: r(GAP) };
  chart(ctx, loss, upper, ratio);
  chart(ctx, gap, lower, ratio);
  write(ctx, `${title}: training solid, validation dashed`, r(LEFT), r(HEAD / 2), font(r(13), 500), ink.text);
  write(ctx, gapTitle, r(LEFT), r(HEAD + LOSS + HEAD / 2), font(r(13), 500), ink.text);
  const below = lower.top + lower.height;
  write(ctx, X_AXES[xKind].label, r(WIDTH - RIGHT), below + r(BOTTOM + 14), font(r(11)), ink.faint, "right");
  legend(ctx, drawables, loss.scene, below + r(BOTTOM + 34), ratio);
}

/** @param {CanvasRenderingContext2D} ctx @param {{scene: Scene, over: Over}} content @param {Box} box @param {number} ratio */
function chart(ctx, { scene, over }, box, ratio) {
  const frame = createFrame(ctx, box, scene.xs, { ...scene.ys, log: scene.log }, ratio, scene.ink);
  ctx.save();
  grid(frame, scene);
  scene.paint(frame);
  over(frame, null);
  ctx.restore();
}

/** Grid lines and what is written beside them. @param {Frame} frame @param {Scene} scene */
function grid({ ctx, box, x, y, ratio, ink }, { xs, ys, xKind, log, bottom }) {
  const across = X_AXES[xKind].ticks(xs.min, xs.max, box.width / ratio / 90);
  const up = (log ? logTicks : linearTicks)(ys.min, ys.max, box.height / ratio / 30);
  const right = box.left + box.width;
  const below = box.top + box.height;
  ctx.strokeStyle = ink.grid;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (const value of across) {
    ctx.moveTo(x(value), box.top);
    ctx.lineTo(x(value), below);
  }
  for (const value of up) {
    ctx.moveTo(box.left, y(value));
    ctx.lineTo(right, y(value));
  }
  ctx.stroke();
  const small = font(11 * ratio);
  for (const value of up) write(ctx, tick(value), box.left - 6 * ratio, y(value), small, ink.faint, "right");
  if (!bottom) return;
  X_AXES[xKind].write(across).forEach((text, index) => {
    text.split("\n").forEach((line, row) => {
      write(ctx, line, x(across[index] ?? NaN), below + (14 + 13 * row) * ratio, small, ink.faint, "center");
    });
  });
}

/** @param {CanvasRenderingContext2D} ctx @param {Drawable[]} drawables @param {Scene} scene @param {number} top @param {number} ratio */
function legend(ctx, drawables, { ink }, top, ratio) {
  drawables.slice(0, NAMES).forEach(({ training, mark }, index) => {
    const left = (16 + (index % 4) * COLUMN) * ratio;
    const middle = top + Math.floor(index / 4) * ROW * ratio;
    ctx.beginPath();
    addShape(ctx, mark.shape, left, middle, 4.5 * ratio);
    ctx.fillStyle = mark.color;
    ctx.fill();
    write(
      ctx,
      shortened(ctx, training.name, (COLUMN - 26) * ratio),
      left + 10 * ratio,
      middle,
      font(11 * ratio),
      ink.text,
    );
  });
  if (drawables.length > NAMES) {
    const middle = top + (NAMES / 4) * ROW * ratio;
    write(ctx, `and ${drawables.length - NAMES} more`, 16 * ratio, middle, font(11 * ratio), ink.faint);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {string} name @param {number} room */
function shortened(ctx, name, room) {
  if (ctx.measureText(name).width <= room) return name;
  let kept = name;
  while (kept.length > 1 && ctx.measureText(`…${kept}`).width > room) kept = kept.slice(1);
  return `…${kept}`;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} color
 * @param {CanvasTextAlign} [align]
 */
function write(ctx, text, x, y, font, color, align = "left") {
  Object.assign(ctx, { font, fillStyle: color, textAlign: align, textBaseline: "middle" });
  ctx.fillText(text, x, y);
  ctx.textAlign = "left";
}

/** @param {Figure} figure @returns {string} */
export function figureSvg(figure) {
  const context = new SvgContext();
  draw(/** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (context)), figure, 1);
  return context.picture(WIDTH, heightOf(figure));
}

/** @param {Figure} figure @returns {Promise<Blob>} */
export function figurePng(figure) {
  const ratio = 2;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: WIDTH * ratio,
    height: heightOf(figure) * ratio,
  });
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  draw(ctx, figure, ratio);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made.")))),
  );
}
