import { lengthOf, shareOf, type Span } from './zoom.ts'

export interface Tick {
  readonly instant: number
  /** 0 to 1 from the left. */
  readonly share: number
  readonly label: string
}

type Unit = 'minute' | 'hour' | 'day' | 'month' | 'year'
interface Step {
  readonly unit: Unit
  readonly count: number
  /** Milliseconds, about. */
  readonly length: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const step = (unit: Unit, count: number, each: number): Step => ({ unit, count, length: count * each })
const steps: readonly Step[] = [
  ...[1, 2, 5, 10, 30].map((count) => step('minute', count, MINUTE)),
  ...[1, 3, 6, 12].map((count) => step('hour', count, HOUR)),
  ...[1, 2, 7, 14].map((count) => step('day', count, DAY)),
  ...[1, 3, 6].map((count) => step('month', count, 30.4 * DAY)),
  ...[1, 2, 5, 10].map((count) => step('year', count, 365.25 * DAY)),
]

/** Ticks in words, as many as fit with `room` pixels each into `width`; by the user's calendar. */
export function ticksOf(view: Span, width: number, now: number, room = 76): Tick[] {
  const most = Math.max(1, Math.floor(width / room))
  const chosen = steps.find(({ length }) => lengthOf(view) / length <= most) ?? steps.at(-1)!
  const ticks: Tick[] = []
  for (let at = firstTick(view.since, chosen); at <= view.until; at = nextTick(at, chosen)) {
    const share = shareOf(view, at)
    if (share >= 0) ticks.push({ instant: at, share, label: labelOf(at, chosen.unit, now) })
  }
  // "Now" stands at the right.
  const nowShare = shareOf(view, now)
  return nowShare > 1.001 ? ticks : ticks.filter(({ share }) => (nowShare - share) * width > room)
}

/** The first one at or before the instant. */
function firstTick(instant: number, { unit, count }: Step): number {
  const date = new Date(instant)
  switch (unit) {
    case 'minute':
      return date.setMinutes(date.getMinutes() - (date.getMinutes() % count), 0, 0)
    case 'hour':
      return date.setHours(date.getHours() - (date.getHours() % count), 0, 0, 0)
    case 'day':
      date.setHours(0, 0, 0, 0)
      // Weeks begin on Monday.
      return count % 7 === 0 ? date.setDate(date.getDate() - ((date.getDay() + 6) % 7)) : date.getTime()
    case 'month':
      return new Date(date.getFullYear(), date.getMonth() - (date.getMonth() % count), 1).getTime()
    case 'year':
      return new Date(date.getFullYear() - (date.getFullYear() % count), 0, 1).getTime()
  }
}

/** Days and longer units go by the calendar: a day may have 23 or 25 hours. */
function nextTick(instant: number, { unit, count }: Step): number {
  const date = new Date(instant)
  switch (unit) {
    case 'minute':
      return instant + count * MINUTE
    case 'hour': {
      const next = new Date(instant).setHours(date.getHours() + count, 0, 0, 0)
      return next > instant ? next : instant + count * HOUR
    }
    case 'day':
      return date.setDate(date.getDate() + count)
    case 'month':
      return date.setMonth(date.getMonth() + count)
    case 'year':
      return date.setFullYear(date.getFullYear() + count)
  }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const shortDay = new Intl.DateTimeFormat('en', { weekday: 'short' })
const longDay = new Intl.DateTimeFormat('en', { weekday: 'long' })
const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const withYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const month = new Intl.DateTimeFormat('en', { month: 'short' })

function labelOf(instant: number, unit: Unit, now: number): string {
  const date = new Date(instant)
  switch (unit) {
    case 'minute':
    case 'hour':
      return date.getHours() === 0 && date.getMinutes() === 0 ? dayLabel(instant, now) : clock.format(instant)
    case 'day':
      return dayLabel(instant, now)
    case 'month':
      return date.getMonth() === 0 ? String(date.getFullYear()) : month.format(instant)
    case 'year':
      return String(date.getFullYear())
  }
}

/** Days back by the calendar. */
function daysBack(instant: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(instant).setHours(0, 0, 0, 0)) / DAY)
}

function dayLabel(instant: number, now: number): string {
  const back = daysBack(instant, now)
  if (back === 0) return 'Today'
  if (back === 1) return 'Yesterday'
  return back > 1 && back < 7 ? shortDay.format(instant) : dayAndMonth.format(instant)
}

function spokenDay(instant: number, now: number): string {
  const back = daysBack(instant, now)
  if (back === 0) return 'Today'
  if (back === 1) return 'Yesterday'
  if (back > 1 && back < 7) return longDay.format(instant)
  const sameYear = new Date(instant).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? dayAndMonth : withYear).format(instant)
}

/** "Tuesday 14:02", "Tuesday 14:00 to 16:00", "3 Nov to Yesterday": as it is shown and spoken. */
export function spanWords({ since, until }: Span, now: number): string {
  const [from, to] = [spokenDay(since, now), spokenDay(until, now)]
  if (until - since >= 2 * DAY) return `${from} to ${to}`
  if (until - since < 2 * MINUTE) return `${from} ${clock.format(since)}`
  const end = from === to ? clock.format(until) : `${to} ${clock.format(until)}`
  return `${from} ${clock.format(since)} to ${end}`
}

/** How long a view is: "7 days", "3 hours". */
export function lengthWords(length: number): string {
  const units = [
    ['year', 365.25 * DAY],
    ['month', 30.4 * DAY],
    ['day', DAY],
    ['hour', HOUR],
    ['minute', MINUTE],
  ] as const
  const [unit, each] = units.find(([, size]) => length >= 1.5 * size) ?? units[units.length - 1]!
  const count = Math.max(1, Math.round(length / each))
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
