/**
 * Calls `tell` with what was heard since the last time: at once when nothing was told lately, and then at most every `ms`
 * milliseconds; what was heard last is always told.
 */
export function paced<T>(ms: number, tell: (heard: ReadonlySet<T>) => void): (one: T) => void {
  let heard = new Set<T>()
  let resting = false
  const turn = (): void => {
    resting = heard.size > 0
    if (!resting) return
    const told = heard
    heard = new Set()
    setTimeout(turn, ms)
    tell(told)
  }
  return (one) => {
    heard.add(one)
    if (!resting) turn()
  }
}
