import { numberedText } from '../material.ts'

/** Lines of about 46 bytes. */
const LINES_IN_MEGABYTE = 22_800

/** A text that somebody works on: each version has one line written anew, at a place that is the same in every run. */
export class VersionedText {
  private readonly lines: string[]
  private version = 0
  private state = 1

  constructor(megabytes: number) {
    this.lines = numberedText(megabytes * LINES_IN_MEGABYTE).split('\n')
  }

  current(): Buffer {
    return Buffer.from(this.lines.join('\n'), 'latin1')
  }

  /** The version after the one that `current` gives. */
  next(): Buffer {
    this.version++
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0
    const at = Math.floor((this.state / 2 ** 32) * this.lines.length)
    const line = `${this.lines[at] ?? ''} as of version ${this.version}`
    // Some become longer, some are begun anew, so that what is behind them moves.
    this.lines[at] = this.version % 3 === 0 ? line.slice(-40) : line
    return this.current()
  }
}
