const EVERY_MS = 100

/** Passes on what is said of progress a few times a second, and drops the rest. */
export function throttled<T>(send: (value: T) => void): (value: T) => void {
  let last = 0
  return (value) => {
    const at = performance.now()
    if (at - last < EVERY_MS) return
    last = at
    send(value)
  }
}
