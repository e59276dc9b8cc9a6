import { readAt } from '../sys/native.ts'

/** A stretch of a file in memory that slides forward, so that small records do not cost a system call each. */
export class FileWindow {
  bytes = Buffer.alloc(0)
  view = new DataView(new ArrayBuffer(0))
  private fd = -1
  private from = 0
  private filled = 0

  /**
   * Index in `bytes` at which [offset, offset + length) of the file stands, or -1 when the file ends before. Reads at
   * least `ahead` bytes when it must read. Errors: an Error with `errno` when the file cannot be read.
   */
  need(fd: number, offset: number, length: number, ahead: number): number {
    if (fd === this.fd && offset >= this.from && offset + length <= this.from + this.filled) return offset - this.from
    const wanted = Math.max(length, ahead)
    if (wanted > this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(wanted)
      this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    }
    this.fd = -1
    const got = readAt(fd, this.bytes, 0, wanted, offset)
    if (got < 0) {
      throw Object.assign(new Error(`Cannot read the operation log at byte ${offset}: error ${-got}`), { errno: got })
    }
    this.fd = fd
    this.from = offset
    this.filled = got
    return length <= got ? 0 : -1
  }

  /** How many bytes stand from an index on that `need` returned. */
  available(index: number): number {
    return this.filled - index
  }
}
