import { fdatasync } from 'node:fs'
import { promisify } from 'node:util'
import type { OplogWriter } from '../../oplog/oplog-writer.ts'
import { closeFd, dupFd } from '../../sys/native.ts'

/**
 * Brings the log to the disk without holding up the main thread. One flush at a time: the kernel tells of an error
 * once, so a second one beside a failing one could believe that all is well.
 */
export class LogSync {
  private last: Promise<boolean> = Promise.resolve(true)

  constructor(private readonly log: OplogWriter) {}

  /** False: the disk did not take it. */
  sync(): Promise<boolean> {
    return (this.last = this.last.then(() => this.flush()))
  }

  private async flush(): Promise<boolean> {
    const sync = this.log.beginSync()
    if (!sync) return true
    // The log may close a segment that is recorded meanwhile.
    const fds = [...sync.fds].map(dupFd)
    try {
      for (const fd of fds) await promisify(fdatasync)(fd)
      this.log.syncDone(sync.ticket)
      return true
    } catch {
      this.log.syncFailed(sync.ticket)
      return false
    } finally {
      for (const fd of fds) if (fd >= 0) closeFd(fd)
    }
  }
}
