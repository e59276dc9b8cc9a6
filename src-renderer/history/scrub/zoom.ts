/** A part of time, in milliseconds since 1970. */
export interface Span {
  readonly since: number
  readonly until: number
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** From minutes to years. */
export const SHORTEST = 10 * MINUTE
export const LONGEST = 30 * 365.25 * DAY

export const lengthOf = ({ since, until }: Span): number => until - since

/** All of a history, with now at the right; a new one is shown in its last half hour. */
export function wholeSpan(first: number | null, now: number): Span {
  const begin = Math.min(first ?? now, now - 30 * MINUTE)
  const long = Math.min(LONGEST, (now - begin) * 1.02)
  return { since: now - long, until: now }
}

/** The last week, or all there is if that is less. */
export function firstSpan(first: number | null, now: number): Span {
  const whole = wholeSpan(first, now)
  return lengthOf(whole) > 7 * DAY ? { since: now - 7 * DAY, until: now } : whole
}

/**
 * Zooms by a factor (below 1: nearer) around an instant, which stays where it is, as far as now allows: nothing is shown
 * beyond it.
 */
export function zoom(span: Span, factor: number, around: number, now: number): Span {
  const length = Math.min(LONGEST, Math.max(SHORTEST, lengthOf(span) * factor))
  const share = (around - span.since) / lengthOf(span)
  return beforeNow({ since: around - share * length, until: around + (1 - share) * length }, now)
}

export function pan(span: Span, by: number, now: number): Span {
  return beforeNow({ since: span.since + by, until: span.until + by }, now)
}

/** Follows now, if it was at its end before. */
export function follow(span: Span, before: number, now: number): Span {
  return span.until >= before ? pan(span, now - span.until, now) : span
}

function beforeNow(span: Span, now: number): Span {
  const over = Math.max(0, span.until - now)
  return { since: span.since - over, until: span.until - over }
}

/** Where an instant is in the span: 0 at its beginning, 1 at its end; beyond them outside of that. */
export function shareOf(span: Span, instant: number): number {
  return (instant - span.since) / lengthOf(span)
}

export function instantAt(span: Span, share: number): number {
  return span.since + Math.min(1, Math.max(0, share)) * lengthOf(span)
}

/** Which of so many equal parts holds the instant; the nearest one for those outside. */
export function bucketAt(span: Span, buckets: number, instant: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.floor(shareOf(span, instant) * buckets)))
}

export function bucketSpan(span: Span, buckets: number, index: number): Span {
  const each = lengthOf(span) / buckets
  return { since: span.since + index * each, until: span.since + (index + 1) * each }
}
