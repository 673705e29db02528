/** The nouns of the page, as the wire (http_api.md) brings them and as the page keeps them. */

/** @typedef {{step: number, value: number | null}} Point */
/** @typedef {{run: string, tag: string, points: number}} Side */
/** @typedef {"min" | "max"} Direction */

/**
 * @typedef {object} Stop
 * @property {string} criterion
 * @property {string} rule  the rule with what it was set to, short enough for a label
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
 * @property {number | null} duration
 * @property {string} alignment
 * @property {number} with_gap
 * @property {string} note
 * @property {string} convention
 * @property {{train: string, val: string} | null} hand_rule  what would make a pair chosen by hand permanent
 * @property {boolean} exact
 * @property {Record<string, string | number | boolean | null>} hparams
 */

/** @typedef {{name: string, kind: string, direction: Direction, trainings: number}} Metric */
/** @typedef {{run: string, tag: string, reason: string}} Unpaired */
/** @typedef {{file: string, byte: number, what: string}} Warning */
/** @typedef {{files: number, files_total: number, bytes: number, bytes_total: number, seconds_left: number | null}} Progress */
/** @typedef {"loading" | "ready" | "error"} ServerState */
/** @typedef {{patience: number, min_delta: number, tolerance: number, criterion: Criterion, alpha: number}} Parameters */
/** @typedef {"keras" | "lightning" | "huggingface" | "gl" | "pq" | "up"} Criterion */

/**
 * The answer of `trainings`.
 * @typedef {object} Summary
 * @property {string} version
 * @property {ServerState} state
 * @property {string} [error]
 * @property {string} logdir
 * @property {boolean} exact
 * @property {Progress} progress
 * @property {Parameters} parameters
 * @property {Metric[]} metrics
 * @property {Training[]} trainings
 * @property {{name: string, reason: string}[]} refused  pairs chosen by hand that could not be followed
 * @property {{total: number, items: Unpaired[]}} unpaired
 * @property {Warning[]} warnings
 */

/** What the parameters decide of a training, as far as they change it. */
/** @typedef {Pick<Training, "verdict" | "severity" | "reason" | "advice" | "caveats" | "onset" | "stop" | "divergence">} Judgement */
/** @typedef {{version: string, parameters: Parameters, changed: Record<string, Partial<Judgement>>}} Judgements */

/** @typedef {{patience: number, stopped: number, kept: number, regret: number | null, saved: number}} PatienceRow */
/** @typedef {{run: string, tag: string, points: number}} Tag */

/** `smooth`: the values smoothed by the server, over every point. */
/** @typedef {{total: number, step: Float64Array, wall_time: Float64Array, value: Float64Array, smooth?: Float64Array}} Column */
/** @typedef {Column & {train: Float64Array}} GapColumn */
/** @typedef {{id: string, train: Column, val: Column, gap: GapColumn}} Curves */

/** The mean of several curves and its 95 % interval. */
/** @typedef {{x: Float64Array, mean: Float64Array, low: Float64Array, high: Float64Array, count: Float64Array}} Band */
/** @typedef {{name: string, trainings: number, train: Band, val: Band, gap: Band}} GroupBands */

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
 * @property {Criterion} criterion  the stopping rule
 * @property {number} alpha  at which the rule "pq" stops
 * @property {string} pairs  pairs chosen by hand, as JSON
 * @property {string} joined  validation tags whose boards are ranked as one, one a line
 * @property {string} sort  a column's key, "-" before it for descending
 * @property {string} columns  keys of the columns shown, joined by "~"; empty for the usual ones
 * @property {string} group  "", "dir", or a regular expression on names
 * @property {boolean} means  whether groups are drawn as means
 * @property {string} fold  names of folded groups, one a line
 * @property {string} baseline  an id
 * @property {string} focus  an id
 * @property {string} zoom  "from..to" in the unit of x
 * @property {string} panel  which panel below the table is open
 * @property {string} hparam  the hyperparameter on the x axis of its panel
 * @property {string} result  what is drawn against it
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
/** @typedef {GroupBands & {mark: Mark}} GroupMean */
/** @typedef {{x: Float64Array, y: Float64Array, raw: Float64Array}} Curve */

export {};
