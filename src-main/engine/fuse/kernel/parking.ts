import { EINTR } from '../errno.ts'
import type { Reply } from './reply.ts'
import { Request } from './request.ts'

interface Parked {
  readonly bytes: Buffer
  readonly uniqueLow: number
  readonly uniqueHigh: number
}

/**
 * Requests that wait because the log is at its bound: kept with their payload, so that the thread goes on serving
 * reads, and answered in order when there is room. There are at most as many as threads that wait.
 */
export class Parking {
  private readonly waiting: Parked[] = []

  constructor(
    private readonly request: Request,
    private readonly reply: Reply,
    /** Hears how many wait whenever that changes. */
    private readonly parked: (count: number) => void,
  ) {}

  get count(): number {
    return this.waiting.length
  }

  park(): void {
    const { request } = this
    this.waiting.push({
      bytes: Buffer.from(request.bytes.subarray(Request.START, Request.START + request.length)),
      uniqueLow: request.uniqueLow,
      uniqueHigh: request.uniqueHigh,
    })
    this.reply.answered = true
    this.parked(this.count)
  }

  /** The program that waits was interrupted: it gets EINTR, nothing was done. */
  interrupt(uniqueLow: number, uniqueHigh: number): boolean {
    const index = this.waiting.findIndex((one) => one.uniqueLow === uniqueLow && one.uniqueHigh === uniqueHigh)
    if (index < 0) return false
    this.waiting.splice(index, 1)
    this.parked(this.count)
    this.reply.begin(uniqueLow, uniqueHigh)
    this.reply.status(-EINTR)
    return true
  }

  /** Puts the oldest one back as the current request; false when none waits. */
  next(): boolean {
    const one = this.waiting.shift()
    if (!one) return false
    this.parked(this.count)
    one.bytes.copy(this.request.bytes, Request.START)
    this.request.parse(one.bytes.length)
    return true
  }
}
