/** One flush on its way: fdatasync these in this order, then say `syncDone` or `syncFailed`. */
export interface LogSync {
  readonly ticket: number
  readonly fds: Int32Array
}

interface Flying {
  readonly ticket: number
  readonly end: number
  readonly directoryChange: number
}

/** What of the log is known to be on the disk, and which flushes are on their way. */
export class SyncLedger {
  private tickets = 0
  private readonly flying: Flying[] = []
  /** A run begins with a directory that the run before may have left unsynced. */
  private directoryChange = 1
  private directoryDurable = 0

  /** `durable`: everything below this global position is on the disk, or its loss was reported. */
  constructor(public durable: number) {}

  /** A segment has got its name, which a flush must take along. */
  directoryChanged(): void {
    this.directoryChange++
  }

  get directoryUnsynced(): boolean {
    return this.directoryDurable < this.directoryChange
  }

  begin(end: number): number {
    const ticket = ++this.tickets
    this.flying.push({ ticket, end, directoryChange: this.directoryChange })
    return ticket
  }

  /** The flush with this ticket and all before it are over. */
  done(ticket: number): void {
    for (let flush = this.flying[0]; flush !== undefined && flush.ticket <= ticket; flush = this.flying[0]) {
      this.advance(flush.end)
      this.directoryDurable = flush.directoryChange
      this.flying.shift()
    }
  }

  /** What lies below is of no concern any more. */
  advance(position: number): void {
    this.durable = Math.max(this.durable, position)
  }
}
