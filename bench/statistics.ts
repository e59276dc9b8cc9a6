/** The value in the middle, or between the two in the middle. Of nothing: an error, for a row without figures is none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** `part` from 0 to 1, between the neighbours where it falls between two values. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error('There is nothing to take a quantile of.')
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * part
  const below = sorted[Math.floor(at)] as number
  const above = sorted[Math.ceil(at)] as number
  return below + (above - below) * (at - Math.floor(at))
}
