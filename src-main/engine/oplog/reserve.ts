import { join } from 'node:path'
import * as native from '../sys/native.ts'

/** Bytes kept free for deletes, the plan and the commit when the disk is full. */
export const RESERVE_BYTES = 16 * 1024 * 1024
const O_RDWR_CREAT = 0o102

/**
 * `dirty/reserve`: a preallocated file of nothing. On a full disk it is given up, so that what makes room can still be
 * logged, planned and recorded; it is taken again when there is room. Any thread may do either.
 */
export class Reserve {
  private readonly file: string
  private isHeld = false

  constructor(directory: string) {
    this.file = Buffer.from(join(directory, 'reserve')).toString('latin1')
  }

  /** As far as who asks knows: another thread may have given it up. */
  get held(): boolean {
    return this.isHeld
  }

  /** True when that made room. */
  release(): boolean {
    this.isHeld = false
    return this.withFile((fd) => {
      if (native.seekFrom(fd, 0, 2) === 0) return false
      return native.truncateFd(fd, 0) >= 0
    })
  }

  /** Takes the room back; false, and nothing is taken, when there is none. */
  take(): boolean {
    this.isHeld = this.withFile((fd) => {
      if (native.seekFrom(fd, 0, 2) >= RESERVE_BYTES) return true
      const done = native.allocate(fd, 0, 0, RESERVE_BYTES) >= 0
      if (!done) native.truncateFd(fd, 0)
      return done
    })
    return this.isHeld
  }

  /** Another thread may have given it up: whether it is there must be looked at. */
  doubt(): void {
    this.isHeld = false
  }

  private withFile(work: (fd: number) => boolean): boolean {
    const fd = native.openAt(-100, this.file, O_RDWR_CREAT, 0o600)
    if (fd < 0) return false
    try {
      return work(fd)
    } finally {
      native.closeFd(fd)
    }
  }
}
