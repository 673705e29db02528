/** A pairing rule as a person writes it: on the command line, and in lossgap.toml. */

/** @typedef {{train: string, val: string}} Rule two patterns */

/** Quoted for a POSIX shell. @param {Rule} rule */
export const ruleFlag = ({ train, val }) => `--lossgap_pair '${`train=${train},val=${val}`.replaceAll("'", "'\\''")}'`;

/** @param {Rule} rule */
export const rulesToml = ({ train, val }) => `[[pair]]\ntrain = ${tomlText(train)}\nval = ${tomlText(val)}\n`;

/** What JSON escapes TOML escapes alike, but for delete, which JSON leaves as it is. @param {string} text */
const tomlText = (text) => JSON.stringify(text).replaceAll("\x7f", "\\u007f");
