import { EIO } from '../errno.ts'
import type { Growing, Growth } from '../growth.ts'
import type { Answer } from './fuse-native.ts'

/** What an operation comes to: a number (0, a count, -errno), or that and what it gives back. */
export type Outcome = number | readonly [result: number, ...given: readonly unknown[]]

export interface RequestsOptions {
  /** The log is at its bound. */
  readonly growth: Pick<Growth, 'verdict'>
  /** Called after every request: what the recorder said meanwhile can be taken in. */
  readonly between: () => void
  readonly parked: (count: number) => void
  readonly report: (message: string, error: unknown) => void
}

interface Request {
  readonly name: string
  readonly growing: Growing
  readonly work: () => Outcome
  readonly answer: Answer
}

/**
 * Runs operations one after the other and answers each exactly once. One that would grow the log beyond its bound waits
 * (the libfuse thread holds its data meanwhile) until there is room, or is refused when there will be none.
 */
export class Requests {
  private readonly waiting: Request[] = []
  private resuming = false
  private over = false

  constructor(private readonly options: RequestsOptions) {}

  serve(name: string, growing: Growing, work: () => Outcome, answer: Answer): void {
    if (this.over) return answer(-EIO)
    const verdict = this.options.growth.verdict(growing)
    if (verdict === 'waits') {
      this.waiting.push({ name, growing, work, answer })
      this.options.parked(this.waiting.length)
      return
    }
    if (verdict !== 'goes') return answer(-verdict)
    let outcome: Outcome
    try {
      outcome = work()
    } catch (error) {
      this.options.report(`${name} failed`, error)
      outcome = -EIO
    }
    if (typeof outcome === 'number') answer(outcome)
    else answer(...outcome)
    this.options.between()
    this.resume()
  }

  /** Goes on with what waits, oldest first, while there is room. */
  resume(): void {
    if (this.resuming) return
    this.resuming = true
    while (this.waiting.length > 0 && this.options.growth.verdict('grows') !== 'waits') {
      const { name, growing, work, answer } = this.waiting.shift() as Request
      this.options.parked(this.waiting.length)
      this.serve(name, growing, work, answer)
    }
    this.resuming = false
  }

  /** Nothing is served any more: whoever waits or comes later gets EIO. */
  end(): void {
    this.over = true
    for (const { answer } of this.waiting.splice(0)) answer(-EIO)
    this.options.parked(0)
  }
}
