/** Middle value; mean of the two middle ones for an even count; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** "12.3x (11.9 to 12.8)": the median with the range it comes from. */
export function spread(values: readonly number[], unit: string, digits = 1): string {
  if (values.length === 0) return '–';
  const text = `${median(values).toFixed(digits)}${unit}`;
  if (values.length === 1) return text;
  return `${text} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
}
