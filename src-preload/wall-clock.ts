/** Days, times of day and time zones of the Gregorian calendar, without a library. */
export const SECOND = 1000
const DAY = 86_400 * SECOND

/** Milliseconds since 1970, and nanoseconds within the millisecond (negative: before it). */
export interface Moment {
  readonly ms: number
  readonly nanos: number
}

export interface Day {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

export interface Time {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanos: number
}

export const MIDNIGHT: Time = { hour: 0, minute: 0, second: 0, nanos: 0 }

/** A time zone's wall clock. */
export class Zone {
  private readonly format: Intl.DateTimeFormat

  constructor(zone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  wallAt(ms: number): Day & Omit<Time, 'nanos'> {
    const parts = new Map(this.format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const [year, month, day] = [of('year'), of('month'), of('day')]
    return { year, month, day, hour: of('hour'), minute: of('minute'), second: of('second') }
  }

  moment(day: Day, time: Time): Moment {
    const { ms: wall, nanos } = utc(day, time)
    const second = Math.floor(wall / SECOND) * SECOND
    const [before, after] = [-DAY, DAY].map((away) => this.offset(second + away)) as [number, number]
    const found = [before, after].filter((offset) => this.offset(second - offset) === offset)
    // None: the wall time was left out.
    return { ms: wall - (found.length > 0 ? Math.max(...found) : before), nanos }
  }

  /** Milliseconds that the wall clock is ahead of UTC. */
  private offset(ms: number): number {
    return utc(this.wallAt(ms), { ...this.wallAt(ms), nanos: 0 }).ms - ms
  }
}

export function utc({ year, month, day }: Day, { hour, minute, second, nanos }: Time): Moment {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(nanos / 1e6)
  return { ms, nanos: nanos % 1e6 }
}

export function plus({ ms, nanos }: Moment, more: number): Moment {
  return { ms: ms + more, nanos }
}

export function daysAfter({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(year, month - 1, day + days))
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** The same day of an earlier month, or that month's last. */
export function monthsBefore({ year, month, day }: Day, count: number): Day {
  const months = year * 12 + month - 1 - count
  const there = { year: Math.floor(months / 12), month: (((months % 12) + 12) % 12) + 1 }
  const length = new Date(Date.UTC(there.year, there.month, 0)).getUTCDate()
  return { ...there, day: Math.min(day, length) }
}

export function weekdayOf({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

/** Whether the calendar has this day. */
export function isDay({ year, month, day }: Day): boolean {
  const same = daysAfter({ year, month, day }, 0)
  return same.year === year && same.month === month && same.day === day
}
