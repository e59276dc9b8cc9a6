/** A moment in a sentence: local, with its offset, so that it is true wherever it is read. Seconds and nanoseconds. */
export function localTime([sec]: readonly [sec: number, nsec: number]): string {
  const date = new Date(sec * 1000)
  const offset = -date.getTimezoneOffset()
  const [hours, minutes] = [two(Math.floor(Math.abs(offset) / 60)), two(Math.abs(offset) % 60)]
  const local = new Date(sec * 1000 + offset * 60_000).toISOString().slice(0, -5).replace('T', ' ')
  return `${local} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
