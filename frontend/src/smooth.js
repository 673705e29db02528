/** TensorBoard's smoothing: an exponential moving average, corrected for its start at zero. */

/**
 * As `classicSmoothing` of TensorBoard's scalar card does it (2.14 to 2.21): values that are not finite are passed
 * through and do not enter the average, a constant series is left as it is.
 * @param {Float64Array} values
 * @param {number} weight 0 (none) to just below 1
 * @returns {Float64Array} the same array when there is nothing to do
 */
export function smoothed(values, weight) {
  if (weight <= 0 || values.every((value) => value === values[0])) return values;
  const result = new Float64Array(values.length);
  let average = 0;
  let debias = 1;
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      result[index] = value;
      return;
    }
    average = average * weight + (1 - weight) * value;
    debias *= weight;
    result[index] = average / (1 - debias);
  });
  return result;
}
