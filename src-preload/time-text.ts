import { IzeError } from './ize-error.ts'
import {
  type Day,
  daysAfter,
  isDay,
  MIDNIGHT,
  type Moment,
  monthsBefore,
  plus,
  SECOND,
  type Time,
  utc,
  weekdayOf,
  Zone,
} from './wall-clock.ts'

/**
 * Times as people write them, read against a clock and a time zone that the caller names.
 *
 *     moment   = "now" | count unit "ago" [time] | day [time] | time [day] | time
 *     day      = YYYY-MM-DD | "today" | "yesterday" | ["last"] weekday | "last" ("week" | "month" | "year")
 *     time     = HH:MM[:SS[.fraction]] [zone] | H[:MM] ("am" | "pm") | "noon" | "midnight"
 *     zone     = "Z" | ±HH[:MM], only behind a date: RFC 3339, and the part of ISO 8601 that people use
 *
 * Case and repeated spaces do not matter; "at" may stand before a time. Nothing but a date or a zone that says so, and
 * "today" with a time, lies in the future: a time alone is the last such time, a weekday the last such day before today.
 * A day alone is its first or its last moment, as `edge` says. Days and longer units count on the calendar, shorter ones
 * on the clock. A wall time that daylight saving leaves out is read with the offset before the gap; of one that comes
 * twice, the first is meant.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number
  /** IANA name, such as Europe/Berlin. */
  readonly zone: string
}

/** Which moment of a day without a time is meant. */
export type Edge = 'first' | 'last'

/**
 * The moment as RFC 3339 in UTC with nanoseconds; null for a text that is no time by its looks, such as a number or a
 * name. Errors: E_TIME_UNKNOWN for one that looks like a time and is none.
 */
export function readTime(text: string, clock: Clock, edge: Edge = 'last'): string | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ')
  if (!LOOKS.test(words)) return null
  const moment = new Reader(clock, edge).moment(words)
  if (moment) return written(moment)
  if (NAME.test(words) && !TIME_WORD.test(words)) return null
  throw unknownTime(text)
}

export function unknownTime(text: string): IzeError {
  const examples = '"2026-11-21 14:00", "yesterday 14:00", "last friday", "14:00" or "10 minutes ago"'
  return new IzeError('E_TIME_UNKNOWN', `"${text}" is no time: write one such as ${examples}.`, { time: text })
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const LOOKS = new RegExp(
  `\\S \\S|^\\d{1,2}:\\d|^\\d{1,2}(am|pm)$|^\\d{4}-\\d{1,2}-\\d{1,2}($|t)|^(now|today|yesterday|noon|midnight|${WEEKDAYS.join('|')})$`,
)
/** Words that may be a name, of a seal say; unless one of them speaks of time. */
const NAME = /^[a-z]+(?: [a-z]+)*(?: [0-9a-f]{4,8})?$/
const TIME_WORD = new RegExp(
  `\\b(now|today|yesterday|noon|midnight|ago|last|at|days?|weeks?|months?|years?|hours?|minutes?|seconds?|tomorrow|next|${WEEKDAYS.join('|')})\\b`,
)
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const DATE_AND_TIME = /^(\d{4}-\d\d-\d\d)[t ](?:at )?(.+?) ?(z|[+-]\d\d(?::?\d\d)?)?$/
const AGO = /^(\d{1,6}|an?|one) ?([a-z]+) ago$/
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?$/
const HALVES = /^(\d{1,2})(?::(\d\d))? ?(am|pm)$/
/** A time of day before a day, or behind it. */
const TIME_FIRST = /^(\S*\d(?: ?[ap]m)?|noon|midnight) (.+)$/
const TIME_LAST = /^(.+?) (?:at )?(\S*\d(?: ?[ap]m)?|noon|midnight)$/

/** JavaScript takes earlier ones for others. */
const EARLIEST_YEAR = 1000
const UNITS: Readonly<Record<string, readonly [unit: 'clock' | 'day' | 'month', count: number]>> = {
  second: ['clock', SECOND],
  sec: ['clock', SECOND],
  minute: ['clock', 60 * SECOND],
  min: ['clock', 60 * SECOND],
  hour: ['clock', 3600 * SECOND],
  day: ['day', 1],
  week: ['day', 7],
  month: ['month', 1],
  year: ['month', 12],
}

class Reader {
  private readonly today: Day
  private readonly zone: Zone

  constructor(
    private readonly clock: Clock,
    private readonly edge: Edge,
  ) {
    this.zone = new Zone(clock.zone)
    this.today = this.zone.wallAt(clock.now)
  }

  moment(words: string): Moment | null {
    return this.exact(words) ?? this.ago(words) ?? this.timeAlone(words) ?? this.dayAndTime(words)
  }

  /** A date with a time and perhaps a zone. */
  private exact(words: string): Moment | null {
    if (words === 'now') return { ms: this.clock.now, nanos: 0 }
    const [, date = '', clock = '', zone] = DATE_AND_TIME.exec(words) ?? []
    const [day, time] = [this.dayOf(date), timeOf(clock)]
    if (!day || !time) return null
    if (zone === undefined) return this.zone.moment(day, time)
    const offset = offsetOf(zone)
    return offset === null ? null : plus(utc(day, time), -offset)
  }

  private ago(words: string): Moment | null {
    const [, number = '', name = ''] = AGO.exec(words) ?? []
    const unit = UNITS[name] ?? UNITS[name.replace(/s$/, '')]
    if (!unit) return null
    const count = (/^\d/.test(number) ? Number(number) : 1) * unit[1]
    if (unit[0] === 'clock') return { ms: this.clock.now - count, nanos: 0 }
    const now = this.zone.wallAt(this.clock.now)
    const day = unit[0] === 'day' ? daysAfter(now, -count) : monthsBefore(now, count)
    return day.year < EARLIEST_YEAR ? null : this.zone.moment(day, { ...now, nanos: (this.clock.now % SECOND) * 1e6 })
  }

  /** Today's, or yesterday's when that is still to come. */
  private timeAlone(words: string): Moment | null {
    const time = timeOf(words)
    if (!time) return null
    const today = this.zone.moment(this.today, time)
    return today.ms <= this.clock.now ? today : this.zone.moment(daysAfter(this.today, -1), time)
  }

  private dayAndTime(words: string): Moment | null {
    const alone = this.dayOf(words)
    if (alone) return this.edgeOf(alone)
    const [, first = '', behind = ''] = TIME_FIRST.exec(words) ?? []
    const [, before = '', last = ''] = TIME_LAST.exec(words) ?? []
    for (const [name, clock] of [
      [before, last],
      [behind, first],
    ] as const) {
      const [day, time] = [this.dayOf(name) ?? this.dayAgo(name), timeOf(clock)]
      if (day && time) return this.zone.moment(day, time)
    }
    return words.startsWith('last ') ? this.ago(`1 ${words.slice(5)} ago`) : null
  }

  private edgeOf(day: Day): Moment {
    if (this.edge === 'first') return this.zone.moment(day, MIDNIGHT)
    return { ms: this.zone.moment(daysAfter(day, 1), MIDNIGHT).ms, nanos: -1 }
  }

  private dayOf(name: string): Day | null {
    if (name === 'today') return this.today
    if (name === 'yesterday') return daysAfter(this.today, -1)
    const weekday = WEEKDAYS.indexOf(name.replace(/^last /, '') as (typeof WEEKDAYS)[number])
    if (weekday >= 0) return daysAfter(this.today, -((weekdayOf(this.today) - weekday + 6) % 7) - 1)
    const [, year, month, day] = (DATE.exec(name) ?? []).map(Number)
    if (year === undefined || month === undefined || day === undefined) return null
    const date = { year, month, day }
    return year >= EARLIEST_YEAR && isDay(date) ? date : null
  }

  /** The day of "3 days ago", before a time. */
  private dayAgo(name: string): Day | null {
    const moment = this.ago(name.replace(/^last (week|month|year)$/, '1 $1 ago'))
    return moment && !/(sec|min|hour)/.test(name) ? this.zone.wallAt(moment.ms) : null
  }
}

function timeOf(text: string): Time | null {
  if (text === 'noon') return { ...MIDNIGHT, hour: 12 }
  if (text === 'midnight') return MIDNIGHT
  const [, half, past = '0', side] = HALVES.exec(text) ?? []
  if (half !== undefined) {
    const [hour, minute] = [Number(half), Number(past)]
    if (hour < 1 || hour > 12 || minute > 59) return null
    return { ...MIDNIGHT, hour: (hour % 12) + (side === 'pm' ? 12 : 0), minute }
  }
  const match = TIME.exec(text)
  if (!match) return null
  const [hour, minute, second] = [1, 2, 3].map((group) => Number(match[group] ?? 0)) as [number, number, number]
  if (hour > 23 || minute > 59 || second > 59) return null
  return { hour, minute, second, nanos: Number((match[4] ?? '').padEnd(9, '0')) }
}

/** Milliseconds ahead of UTC; null for hours or minutes that there are not. */
function offsetOf(zone: string): number | null {
  if (zone === 'z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)]
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND
}

function written({ ms, nanos }: Moment): string {
  const whole = nanos < 0 ? ms - 1 : ms
  const date = new Date(whole)
  const fraction = (whole - Math.floor(whole / SECOND) * SECOND) * 1e6 + (nanos < 0 ? 1e6 + nanos : nanos)
  return `${date.toISOString().slice(0, -5)}.${String(fraction).padStart(9, '0')}Z`
}
