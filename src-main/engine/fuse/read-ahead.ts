/** At most so much of what is read ahead waits to be taken. */
const MOST = 8
const MOST_BYTES = 64 * 1024 * 1024

interface Reading<R> {
  readonly bytes: number
  readonly result: Promise<R>
}

/** Reads things while those before them are used, in the order in which they are taken. */
export class ReadAhead<T, R> {
  private readonly begun: Reading<R>[] = []
  private next = 0

  constructor(
    private readonly things: readonly T[],
    private readonly read: (thing: T) => Promise<R>,
    private readonly bytesOf: (thing: T) => number,
  ) {}

  /** The next one. Errors: as it was read. */
  async take(): Promise<R> {
    this.fill()
    const [reading] = this.begun
    if (!reading) throw new Error('Everything was taken.')
    const result = await reading.result
    this.begun.shift()
    this.fill()
    return result
  }

  /** What was read and is not taken any more. */
  async *rest(): AsyncGenerator<R> {
    this.next = this.things.length
    for (const { result } of this.begun.splice(0)) {
      const settled = await result.catch(() => null)
      if (settled !== null) yield settled
    }
  }

  private fill(): void {
    for (let waiting = this.waiting(); this.next < this.things.length && this.begun.length < MOST;) {
      const thing = this.things[this.next] as T
      const bytes = this.bytesOf(thing)
      if (this.begun.length > 0 && waiting + bytes > MOST_BYTES) return
      this.next++
      waiting += bytes
      const result = this.read(thing)
      // Whoever takes it hears of it.
      result.catch(() => undefined)
      this.begun.push({ bytes, result })
    }
  }

  private waiting(): number {
    return this.begun.reduce((sum, { bytes }) => sum + bytes, 0)
  }
}
