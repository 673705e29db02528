/** The nouns of the page, as the wire (http_api.md) brings them and as the page keeps them. */

/** @typedef {{step: number, value: number | null}} Point */
/** @typedef {{run: string, tag: string, points: number}} Side */
/** @typedef {"min" | "max"} Direction */

/**
 * @typedef {object} Stop
 * @property {string} criterion
 * @property {number} patience
 * @property {number} min_delta
 * @property {number} step
 * @property {number} best_step
 * @property {number | null} regret
 * @property {number} steps_saved
 * @property {number | null} seconds_saved
 */

/**
 * One attempt of one training, judged by one of its pairs.
 * @typedef {object} Training
 * @property {string} id
 * @property {string} name
 * @property {number} attempt
 * @property {number} attempts
 * @property {boolean} latest
 * @property {string[]} runs
 * @property {string} metric
 * @property {string} kind
 * @property {Direction} direction
 * @property {boolean} primary
 * @property {string} board
 * @property {number | null} rank
 * @property {Side} train
 * @property {Side} val
 * @property {string} verdict
 * @property {string | null} severity
 * @property {string} reason
 * @property {string} advice
 * @property {string[]} caveats
 * @property {Point | null} best
 * @property {Point | null} final
 * @property {number | null} gap_at_best
 * @property {number | null} final_gap
 * @property {number | null} gl_final
 * @property {{step: number} | null} onset
 * @property {Stop | null} stop
 * @property {{step: number} | null} divergence
 * @property {number} first_step
 * @property {number} last_step
 * @property {number} start_time
 * @property {number} duration
 * @property {string} alignment
 * @property {number} with_gap
 * @property {string} note
 * @property {string} convention
 * @property {boolean} exact
 * @property {Record<string, string | number | boolean | null>} hparams
 */

/** @typedef {{name: string, kind: string, direction: Direction, trainings: number}} Metric */
/** @typedef {{run: string, tag: string, reason: string}} Unpaired */
/** @typedef {{file: string, byte: number, what: string}} Warning */
/** @typedef {{files: number, files_total: number, bytes: number, bytes_total: number, seconds_left: number | null}} Progress */
/** @typedef {"loading" | "ready" | "error"} ServerState */

/**
 * The answer of `trainings`.
 * @typedef {object} Summary
 * @property {string} version
 * @property {ServerState} state
 * @property {string} [error]
 * @property {string} logdir
 * @property {boolean} exact
 * @property {Progress} progress
 * @property {Metric[]} metrics
 * @property {Training[]} trainings
 * @property {{total: number, items: Unpaired[]}} unpaired
 * @property {Warning[]} warnings
 */

/** @typedef {{total: number, step: Float64Array, wall_time: Float64Array, value: Float64Array}} Column */
/** @typedef {Column & {train: Float64Array}} GapColumn */
/** @typedef {{id: string, train: Column, val: Column, gap: GapColumn}} Curves */

/** @typedef {"absolute" | "relative" | "ratio"} GapKind */
/** @typedef {"step" | "relative" | "wall" | "fraction"} XKind */
/** @typedef {[number, number]} Range */

/**
 * What a person chose; all of it travels in the link.
 * @typedef {object} Settings
 * @property {string} select  "top", "all", or ids joined by "~" (after "all~": all but these)
 * @property {string} filter
 * @property {string} metric
 * @property {"overlay" | "grid"} view
 * @property {XKind} x
 * @property {"linear" | "log"} y
 * @property {boolean} clip
 * @property {number} smooth
 * @property {GapKind} gap
 * @property {number} patience
 * @property {number} min_delta
 * @property {number} tolerance
 * @property {string} sort  a column's key, "-" before it for descending
 * @property {string} columns  keys of the columns shown, joined by "~"; empty for the usual ones
 * @property {string} group  "", "dir", or a regular expression on names
 * @property {string} fold  names of folded groups, one a line
 * @property {string} baseline  an id
 * @property {string} focus  an id
 * @property {string} zoom  "from..to" in the unit of x
 */

/**
 * One training as the charts draw it.
 * @typedef {object} Drawable
 * @property {string} id
 * @property {Training} training
 * @property {Mark} mark
 * @property {Curve} train
 * @property {Curve} val
 * @property {Curve} gap
 * @property {Curves} found
 */

/** @typedef {{color: string, shape: number}} Mark */
/** @typedef {{x: Float64Array, y: Float64Array, raw: Float64Array}} Curve */

export {};
