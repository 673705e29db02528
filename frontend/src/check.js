/** Small checks for what arrives from outside: each returns its value typed, or throws and names the place. */

/**
 * @template T
 * @typedef {(value: unknown, path: string) => T} Check
 */

/** @param {string} path @param {string} wanted @param {unknown} got @returns {never} */
function fail(path, wanted, got) {
  throw new TypeError(`The server's answer is not as expected: ${path} is ${JSON.stringify(got)}, not ${wanted}.`);
}

/** @type {Check<string>} */
export const text = (value, path) => (typeof value === "string" ? value : fail(path, "a text", value));

/** @type {Check<number>} */
export const number = (value, path) => (typeof value === "number" ? value : fail(path, "a number", value));

/** @type {Check<boolean>} */
export const flag = (value, path) => (typeof value === "boolean" ? value : fail(path, "true or false", value));

/**
 * @template {string} T
 * @param {...T} words
 * @returns {Check<T>}
 */
export const oneOf =
  (...words) =>
  (value, path) =>
    words.includes(/** @type {T} */ (value)) ? /** @type {T} */ (value) : fail(path, `one of ${words}`, value);

/**
 * @template T
 * @param {Check<T>} check
 * @returns {Check<T | null>}
 */
export const nullable = (check) => (value, path) => (value === null ? null : check(value, path));

/**
 * @template T
 * @param {Check<T>} check
 * @returns {Check<T | undefined>}
 */
export const optional = (check) => (value, path) => (value === undefined ? undefined : check(value, path));

/**
 * @template T
 * @param {Check<T>} check
 * @returns {Check<T[]>}
 */
export const listOf = (check) => (value, path) => {
  if (!Array.isArray(value)) return fail(path, "a list", value);
  value.forEach((item, index) => check(item, `${path}[${index}]`));
  return value;
};

/**
 * Fields beyond the named ones are left alone, so that a newer server may say more.
 * @template {Record<string, Check<any>>} S
 * @param {S} shape
 * @returns {Check<{[K in keyof S]: ReturnType<S[K]>}>}
 */
export const record = (shape) => (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(path, "an object", value);
  const fields = /** @type {Record<string, unknown>} */ (value);
  for (const name in shape) shape[name]?.(fields[name], `${path}.${name}`);
  return /** @type {any} */ (value);
};

/**
 * @template T
 * @param {Check<T>} check
 * @returns {Check<Record<string, T>>}
 */
export const mapOf = (check) => (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(path, "an object", value);
  for (const [name, item] of Object.entries(value)) check(item, `${path}.${name}`);
  return /** @type {any} */ (value);
};
