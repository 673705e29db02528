/** Bundles the tab into the package: one script, one style sheet, and the licences of what went into them. */
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const home = import.meta.dirname;
const target = `${home}/../tb_lossgap/static`;

const script = await build({
  entryPoints: { index: "src/index.js" },
  outdir: target,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: home,
});

const style = await build({
  entryPoints: { index: "src/styles/index.css" },
  outdir: target,
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: home,
});

const inputs = Object.keys({ ...script.metafile.inputs, ...style.metafile.inputs });
const packages = new Set(inputs.flatMap((path) => path.match(/^node_modules\/((@[^/]+\/)?[^/]+)/)?.[1] ?? []));
const licences = [...packages].sort().map((name) => {
  const { version } = JSON.parse(readFileSync(`${home}/node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version}\n\n${readFileSync(`${home}/node_modules/${name}/LICENSE`, "utf8")}`;
});
writeFileSync(`${target}/licenses.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
