import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { writeAt } from '../sys/native.ts'
import { currentBoot } from './boot.ts'
import { encodeHeader, SEGMENT_HEADER, segmentName, type LogSegment } from './segment.ts'

const EIO = 5

/** A segment that the mount thread holds open. */
export class SegmentFile {
  private unlinked = false

  private constructor(
    private readonly path: string,
    readonly fd: number,
    readonly start: number,
    readonly nonce: number,
    /** Bytes, header included: what is valid, not what a failed append may have left behind it. */
    public length: number,
    /** Records that are not markers. */
    public operations: number,
  ) {}

  /** One that recovery found. Errors: those of open(2), thrown. */
  static found(dir: string, segment: LogSegment): SegmentFile {
    const { name, startPosition, nonce, length, operations } = segment
    const path = join(dir, name)
    return new SegmentFile(path, openSync(path, 'r+'), startPosition, nonce, length, operations)
  }

  /**
   * A new one, or -errno: then there is no file. A crash before the header is whole leaves a last segment without
   * records, which recovery removes.
   */
  static begin(dir: string, firstId: number, start: number): SegmentFile | number {
    const path = join(dir, segmentName(firstId))
    const nonce = randomBytes(4).readUInt32LE(0)
    const created = BigInt(Date.now()) * 1_000_000n
    let fd: number
    try {
      fd = openSync(path, 'wx+', 0o600)
    } catch (error) {
      return errnoOf(error)
    }
    const segment = new SegmentFile(path, fd, start, nonce, SEGMENT_HEADER, 0)
    const header = encodeHeader({ nonce, firstId, startPosition: start, created, boot: currentBoot() })
    let done = 0
    let written = 1
    // A write cut short says why only when asked for the rest.
    while (done < SEGMENT_HEADER && written > 0) {
      written = writeAt(fd, header, done, SEGMENT_HEADER - done, done)
      done += written
    }
    if (written > 0) return segment
    segment.remove()
    segment.close()
    return written < 0 ? written : -EIO
  }

  get end(): number {
    return this.start + this.length
  }

  get isEmpty(): boolean {
    return this.length <= SEGMENT_HEADER
  }

  /** Whether the file has no name any more. */
  get isRemoved(): boolean {
    return this.unlinked
  }

  /** Cuts what a failed append left. 0 or -errno. */
  cutTail(): number {
    try {
      ftruncateSync(this.fd, this.length)
      return 0
    } catch (error) {
      return errnoOf(error)
    }
  }

  /** Takes the name away; the descriptor stays. Errors: those of unlink(2) but ENOENT, thrown. */
  remove(): void {
    rmSync(this.path, { force: true })
    this.unlinked = true
  }

  close(): void {
    closeSync(this.fd)
  }
}

function errnoOf(error: unknown): number {
  const errno = (error as NodeJS.ErrnoException).errno
  return typeof errno === 'number' && errno < 0 ? errno : -EIO
}
