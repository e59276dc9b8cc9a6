import { HEADROOM } from '../../oplog/oplog-writer.ts'
import { MAX_WRITE } from './protocol.ts'

const HIGH = 0x1_0000_0000

/**
 * The request being answered. It is read so that the data of a WRITE begin at HEADROOM: the log puts its record's head
 * before them and writes both with one call.
 */
export class Request {
  static readonly START = HEADROOM - 80
  static readonly CAPACITY = MAX_WRITE + 80 + 4096
  readonly bytes: Buffer = Buffer.alloc(Request.START + Request.CAPACITY)
  private readonly view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
  length = 0
  opcode = 0
  uniqueLow = 0
  uniqueHigh = 0
  nodeid = 0
  uid = 0
  gid = 0
  pid = 0

  /** Reads the header of a request of `length` bytes that stands at START. */
  parse(length: number): void {
    const at = Request.START
    const view = this.view
    this.length = length
    this.opcode = view.getUint32(at + 4, true)
    this.uniqueLow = view.getUint32(at + 8, true)
    this.uniqueHigh = view.getUint32(at + 12, true)
    this.nodeid = this.u64(-24)
    this.uid = view.getUint32(at + 24, true)
    this.gid = view.getUint32(at + 28, true)
    this.pid = view.getUint32(at + 32, true)
  }

  /** Field at `offset` behind the request's header. */
  u32(offset: number): number {
    return this.view.getUint32(Request.START + 40 + offset, true)
  }

  u64(offset: number): number {
    const at = Request.START + 40 + offset
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * HIGH
  }

  /** A time in seconds, which may be before 1970. */
  i64(offset: number): number {
    const at = Request.START + 40 + offset
    return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * HIGH
  }

  /** The NUL-terminated name at `offset`, as latin1. */
  name(offset: number): string {
    const at = Request.START + 40 + offset
    const end = this.bytes.indexOf(0, at)
    return this.bytes.toString(
      'latin1',
      at,
      end < 0 ? Request.START + this.length : Math.min(end, Request.START + this.length),
    )
  }

  /** Bytes from `offset` behind the header to the end of the request. */
  rest(offset: number): Buffer {
    return this.bytes.subarray(Request.START + 40 + offset, Request.START + this.length)
  }
}
