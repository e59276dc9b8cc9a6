import type { OplogWriter } from '../oplog/oplog-writer.ts'
import type { Reserve } from '../oplog/reserve.ts'
import { EIO, ENOSPC } from './errno.ts'

export interface LogBound {
  readonly limitBytes: number
  readonly limitOperations: number
}

/** Why nothing can be recorded at the moment. */
export type RecorderStopped = 'no' | 'full' | 'error'

/** What a request does: nothing to the log; lets it grow; that, to make room on the disk, as people do when it is full. */
export type Growing = 'no' | 'grows' | 'makes room'

/** What becomes of a request: it goes on, it waits for room in the log, or it is refused with an errno. */
export type Verdict = 'goes' | 'waits' | typeof ENOSPC | typeof EIO

/**
 * Keeps the log within its bound, and the reserve for what makes room: on a full disk nothing else may grow, or a delete
 * could not be logged any more.
 */
export class Growth {
  private stopped: RecorderStopped = 'no'

  constructor(
    private readonly log: Pick<OplogWriter, 'bytes' | 'operations'>,
    private readonly reserve: Pick<Reserve, 'held' | 'take' | 'doubt'>,
    private readonly bound: LogBound,
  ) {}

  recorderIs(stopped: RecorderStopped): void {
    this.stopped = stopped
    this.reserve.doubt()
  }

  verdict(growing: Growing): Verdict {
    if (growing === 'no') return 'goes'
    const { log, bound, reserve, stopped } = this
    if (growing === 'grows' && (stopped === 'full' || (!reserve.held && !reserve.take()))) return ENOSPC
    if (log.bytes < bound.limitBytes && log.operations < bound.limitOperations) return 'goes'
    if (stopped === 'no') return 'waits'
    return stopped === 'full' ? ENOSPC : EIO
  }
}
