import { assertNever } from '../../assert-never.ts'
import type { Policy, Rule, Unit } from './policy.ts'

/**
 * A content that a file had. Times are milliseconds. A version ages from `until`, when it was replaced or deleted: what
 * is deleted today was needed until today, however long ago it was written.
 */
export interface Span {
  readonly from: number
  /** Infinity: it is what the file holds now. */
  readonly until: number
  /** When the file had a content again: `until`, or later when it was deleted between. Infinity: not yet. */
  readonly next: number
  /** The change that brought it, and the one that ended it (Infinity: none did). */
  readonly change: number
  readonly end: number
}

const HOUR = 3_600_000
/** Of the Monday before 1970 began. */
const MONDAY = -3 * 24 * HOUR
const LENGTHS: Readonly<Record<Unit, number>> = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR }

/**
 * Which contents of one file stay, given oldest first. Whatever the policy says: the one that the file holds now, and
 * those that it held after one of the changes `pins` (ascending). A further rule, or a longer one, never takes away more.
 */
export function keeps(spans: readonly Span[], policy: Policy, now: number, pins: readonly number[]): boolean[] {
  return spans.map((span, index) => {
    if (isFixed(span, pins)) return true
    return policy.some((rule) => keepsOne(rule, span, spans.length - index, now))
  })
}

/** What no policy takes away. */
export function isFixed({ until, change, end }: Span, pins: readonly number[]): boolean {
  if (until === Infinity) return true
  const pin = pins[firstFrom(pins, change)]
  return pin !== undefined && pin < end
}

/** `place`: 1 for the newest of the file. */
function keepsOne(rule: Rule, { from, until, next }: Span, place: number, now: number): boolean {
  switch (rule.kind) {
    case 'all':
      return true
    case 'age':
      return until >= now - rule.ms
    case 'count':
      return place <= rule.versions
    case 'every':
      if (rule.ms !== null && until < now - rule.ms) return false
      return next === Infinity || slot(from, rule.unit) !== slot(next, rule.unit)
    default:
      return assertNever(rule, 'rule')
  }
}

/** The hour, day (of UTC) or week (from Monday) that a time is in. Weeks end with days, and days with hours. */
function slot(time: number, unit: Unit): number {
  return Math.floor((time - MONDAY) / LENGTHS[unit])
}

/** Place of the first number that is at least `least`. */
function firstFrom(numbers: readonly number[], least: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) >= least) high = middle
    else low = middle + 1
  }
  return low
}

/** A content that the policy keeps and no pin does. */
export interface Spare {
  readonly object: string
  readonly bytes: number
  readonly until: number
}

/**
 * The objects among `spares` that fit into a limit, beside those of `fixed`, which stay and count: what was replaced or
 * deleted last comes first, and with the first that does not fit all older ones go. A higher limit never takes away more.
 */
export function fitting(
  spares: readonly Spare[],
  fixed: ReadonlyMap<string, number>,
  limit: number,
): ReadonlySet<string> {
  let left = limit
  for (const bytes of fixed.values()) left -= bytes
  const fit = new Set<string>()
  const order = [...spares].sort((a, b) => b.until - a.until || (a.object < b.object ? -1 : 1))
  for (const { object, bytes } of order) {
    if (fixed.has(object) || fit.has(object)) continue
    left -= bytes
    if (left < 0) break
    fit.add(object)
  }
  return fit
}
