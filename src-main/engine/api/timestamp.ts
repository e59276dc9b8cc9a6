/** RFC 3339 in UTC with nanoseconds. */
export function timestamp(sec: number, nsec: number): string {
  const seconds = new Date(sec * 1000).toISOString().slice(0, -5)
  return `${seconds}.${String(nsec).padStart(9, '0')}Z`
}

export function timestampOfMs(ms: number): string {
  const sec = Math.floor(ms / 1000)
  return timestamp(sec, Math.round((ms - sec * 1000) * 1e6))
}

/** Writes any RFC 3339 time (a project's `created`) with nanoseconds in UTC. */
export function toTimestamp(text: string): string {
  const fraction = /\.(\d{1,9})/.exec(text)?.[1] ?? ''
  return timestamp(Math.floor(Date.parse(text) / 1000), Number(fraction.padEnd(9, '0')))
}

/** Seconds and nanoseconds of a time in the contract's form. */
export function fromTimestamp(text: string): [sec: number, nsec: number] {
  const [seconds = '', fraction = ''] = text.slice(0, -1).split('.')
  return [Date.parse(`${seconds}Z`) / 1000, Number(fraction)]
}
