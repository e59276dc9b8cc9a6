interface Course {
  /** When it began and what time it is, in milliseconds. */
  readonly begun: number
  readonly now: number
  readonly done: number
  readonly total: number | null
}

const FIRST_GUESS_MS = 1500
const LEAST_PART = 0.01

/** How long it still takes at the pace so far, in milliseconds; null while nothing can be said of it. */
export function timeLeft({ begun, now, done, total }: Course): number | null {
  const passed = now - begun
  if (total === null || total === 0 || passed < FIRST_GUESS_MS || done / total < LEAST_PART) return null
  return Math.max(0, (passed / done) * (total - done))
}

/** "4 s left", "about 3 minutes left": the farther, the vaguer. */
export function leftText(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return minutes === 1 ? 'about a minute left' : `about ${minutes} minutes left`
  const hours = Math.round(minutes / 60)
  return hours === 1 ? 'about an hour left' : `about ${hours} hours left`
}
