import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { IzeError } from '../ize-error.ts'
import { lockExclusive } from '../sys/native.ts'
import { engineLock, type EngineLockFile } from '../../../src-preload/engine-lock.ts'

const EWOULDBLOCK = 11

/**
 * The lock of a central directory (`engine.lock`): held for as long as the engine lives and let go by the kernel when it
 * dies, however it dies. The file says who holds it and where it listens; it is never removed, for another process may
 * have opened it just now.
 */
export class EngineLock {
  private constructor(private readonly fd: number) {}

  /** Errors: E_ENGINE_RUNNING when another engine holds it. */
  static take(file: string): EngineLock {
    const fd = openSync(file, 'a+', 0o600)
    const result = lockExclusive(fd)
    if (result < 0) {
      closeSync(fd)
      if (result !== -EWOULDBLOCK)
        throw new IzeError('E_ENGINE_RUNNING', `${file} cannot be locked (error ${-result}).`, { file })
      const pid = holder(file)
      throw new IzeError(
        'E_ENGINE_RUNNING',
        `Another engine${pid === null ? '' : ` (process ${pid})`} holds ${file}.`,
        { file, pid },
      )
    }
    return new EngineLock(fd)
  }

  /** Says where to reach the holder. Only the holder writes, in one write; a reader that sees a part of it tries again. */
  describe(facts: EngineLockFile): void {
    ftruncateSync(this.fd, 0)
    writeSync(this.fd, `${JSON.stringify(facts)}\n`)
    fsyncSync(this.fd)
  }

  /** Empties the file, so that nobody looks for an engine that is gone, and lets go. */
  release(): void {
    ftruncateSync(this.fd, 0)
    closeSync(this.fd)
  }
}

function holder(file: string): number | null {
  try {
    return engineLock.parse(JSON.parse(readFileSync(file, 'utf8'))).pid
  } catch {
    // Empty while it starts: who it is only makes the sentence better.
    return null
  }
}
