import { readTime, unknownTime, type Clock, type Edge } from '../../src-preload/time-text.ts'

/** The user's clock; $TZ, else the time zone of the machine. */
export function clock(): Clock {
  return { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone }
}

/** An argument that can only be a time. Errors: E_TIME_UNKNOWN. */
export function timeArgument(text: string, edge: Edge): string {
  const time = readTime(text, clock(), edge)
  if (time === null) throw unknownTime(text)
  return time
}
