const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Milliseconds since 1970 of a time of the contract. */
export function instantOf(time: string): number {
  return Date.parse(`${time.slice(0, -'000000Z'.length)}Z`)
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

export function startOfDay(instant: number): number {
  return new Date(instant).setHours(0, 0, 0, 0)
}

/** Hour and minute. */
export function clockTime(time: string): string {
  return clock.format(instantOf(time))
}

/** With everything, for those who look closer. */
export function wholeTime(time: string): string {
  return whole.format(instantOf(time))
}

/** Days between two instants, by the calendar. */
function daysBetween(early: number, late: number): number {
  return Math.round((startOfDay(late) - startOfDay(early)) / DAY)
}

/** "Today", "Yesterday", a weekday within the week, else the date. */
export function dayName(time: string, now = Date.now()): string {
  const instant = instantOf(time)
  const days = daysBetween(instant, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return days > 1 && days < 7 ? weekday.format(instant) : date.format(instant)
}

/** "just now", "3 minutes ago" within the hour, then the clock, then the day. */
export function nearTime(time: string, now = Date.now()): string {
  const ago = now - instantOf(time)
  // The time that is compared with may be a little old.
  if (Math.abs(ago) < MINUTE) return 'just now'
  if (ago >= 0 && ago < HOUR) {
    const minutes = Math.floor(ago / MINUTE)
    return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`
  }
  const days = daysBetween(instantOf(time), now)
  if (days === 0) return clockTime(time)
  if (days === 1) return `yesterday ${clockTime(time)}`
  return dayName(time, now)
}

/** Behind "as it was": "a moment ago", "3 minutes ago", "at 13:44", "yesterday at 17:20", "on Monday at 9:05". */
export function thenTime(time: string, now = Date.now()): string {
  const instant = instantOf(time)
  const ago = now - instant
  if (Math.abs(ago) < MINUTE) return 'a moment ago'
  if (ago >= 0 && ago < HOUR) return nearTime(time, now)
  const days = daysBetween(instant, now)
  if (days === 0) return `at ${clockTime(time)}`
  return `${days === 1 ? 'yesterday' : `on ${dayName(time, now)}`} at ${clockTime(time)}`
}

/** An instant as a time of the contract. */
export function timeOf(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, -1)}000000Z`
}

/** As `nearTime`, with the hour also of days further back: of something that was, not of something that goes on. */
export function pastTime(time: string, now = Date.now()): string {
  const near = nearTime(time, now)
  return near === dayName(time, now) ? `${near} ${clockTime(time)}` : near
}

/** The clock of today, and the day of what is further back: of something that is reached, not of how long ago. */
export function clockOrDay(time: string, now = Date.now()): string {
  return daysBetween(instantOf(time), now) === 0 ? clockTime(time) : pastTime(time, now)
}
