/**
 * Wall clock with microseconds, never going back between two calls. `Date.now` alone has milliseconds only; the
 * monotonic clock fills in the rest and is anchored anew when the two part (a step of the clock, a suspended machine).
 */
let anchor = Date.now() - performance.now()
let last = 0

export interface Instant {
  readonly sec: number
  readonly nsec: number
}

export function now(): Instant {
  const wall = Date.now()
  let ms = anchor + performance.now()
  if (ms < wall - 1 || ms > wall + 2) {
    anchor = wall - performance.now()
    ms = wall
  }
  // A clock that was set back by more than a second is believed; smaller steps wait.
  if (ms <= last && last - ms < 1000) ms = last + 0.001
  last = ms
  const sec = Math.floor(ms / 1000)
  return { sec, nsec: Math.min(999_999_999, Math.floor((ms - sec * 1000) * 1e6)) }
}
