/**
 * The operation log as the mount thread holds it: the only one that appends, and the only one that removes segments.
 *
 *     HEADROOM = 65536 (bytes)
 *     OplogWriter.open(dir, options: { segments: readonly LogSegment[], nextId: number, startPosition: number, segmentBytes?: number }): OplogWriter
 *         // recovered = openLog(dir): { segments: recovered.segments, nextId, startPosition: recovered.endPosition }
 *     append(op: NewOperation, src?: Buffer, dataOffset?: number, dataLength?: number): number   // position of the data, or -errno
 *     lastId: number · end: number · operations: number · bytes: number
 *     rotate(): void
 *     beginSync(): LogSync | null            // { ticket, fds: Int32Array }; null: nothing is unsynced
 *     syncDone(ticket): void · syncFailed(ticket): void
 *     takeWriteback(): { fd, offset, length } | null
 *     read(position, buf, offset, length): number   // bytes, or -errno
 *     fdAt(position): { fd, offset }
 *     drop(upToPosition, isPinned: (startPosition, endPosition) => boolean): void
 *     close(): void
 *
 * Errors at the program's door are -errno; only misuse throws.
 */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { appendRecord, readAt } from '../sys/native.ts'
import { currentBoot } from './boot.ts'
import { encodeRecord, fieldsLength, MAX_RECORD, RECORD_HEAD } from './codec.ts'
import { isMarker, type NewOperation } from './operation.ts'
import { encodeHeader, SEGMENT_HEADER, segmentName, type LogSegment } from './segment.ts'

/** Free bytes a caller keeps in front of the data it hands to `append`. */
export const HEADROOM = 65536
const SEGMENT_BYTES = 64 * 1024 * 1024
const WRITEBACK_BYTES = 8 * 1024 * 1024
const EIO = 5
const EFBIG = 27
const NO_DATA = Buffer.alloc(0)

export interface OplogWriterOptions {
  /** What recovery found, oldest first. */
  readonly segments: readonly LogSegment[]
  /** Above every id in log, state and history. */
  readonly nextId: number
  /** Where the next segment starts: the end of the last one found. */
  readonly startPosition: number
  /** A segment that has reached this is closed. Default 64 MiB. */
  readonly segmentBytes?: number
}

/** One flush on its way: fdatasync these in this order, then say `syncDone` or `syncFailed`. */
export interface LogSync {
  readonly ticket: number
  readonly fds: Int32Array
}

interface Held {
  readonly path: string
  readonly start: number
  readonly nonce: number
  readonly fd: number
  length: number
  operations: number
  unlinked: boolean
}

export class OplogWriter {
  lastId: number
  /** Global end position. */
  end: number
  /** Operations in the segments that are not dropped; markers do not count. */
  operations = 0

  private readonly held: Held[] = []
  private active: Held | null = null
  /** A failed append could not be taken back yet: nothing is written before that has worked. */
  private tail = false
  private heldFrom: number
  private scratch: Buffer<ArrayBufferLike> = Buffer.alloc(HEADROOM)
  private scratchView = viewOf(this.scratch)
  private lastSrc = this.scratch
  private lastView = this.scratchView

  /** Everything below is on the disk, or is known to be lost (syncFailed). */
  private durable: number
  /** How often the directory changed, and up to which change it is on the disk. */
  private directoryChanges = 1
  private directoryDurable = 0
  private tickets = 0
  private readonly flying: { readonly ticket: number; readonly end: number; readonly directory: number }[] = []
  private writebackFrom: number

  private constructor(
    private readonly dir: string,
    private readonly dirFd: number,
    private readonly segmentBytes: number,
    nextId: number,
    start: number,
  ) {
    this.lastId = nextId - 1
    this.end = start
    this.heldFrom = start
    this.durable = start
    this.writebackFrom = start
  }

  /** Never appends to a segment it finds: the first append begins a new one. Errors: those of open(2), thrown. */
  static open(dir: string, options: OplogWriterOptions): OplogWriter {
    const writer = new OplogWriter(dir, openSync(dir, 'r'), options.segmentBytes ?? SEGMENT_BYTES, options.nextId, options.startPosition)
    try {
      for (const found of options.segments) {
        const path = join(dir, found.name)
        writer.held.push({ path, start: found.startPosition, nonce: found.nonce, fd: openSync(path, 'r+'), length: found.length, operations: found.operations, unlinked: false })
        writer.operations += found.operations
      }
    } catch (error) {
      writer.close()
      throw error
    }
    // What a killed engine wrote may still be in memory only: the first flush takes the segments found along.
    const first = writer.held[0]
    if (first !== undefined) writer.heldFrom = writer.durable = first.start
    return writer
  }

  /** Bytes of the segments that are not dropped. */
  get bytes(): number {
    return this.end - this.heldFrom
  }

  /**
   * Appends one record. Returns the global position of its data (the record's end when it has none), or -errno: then
   * nothing of it remains and no id is used up.
   *
   * `data` is src[dataOffset, +dataLength). HEADROOM bytes before it are free and get overwritten with the record's
   * head, so that one pwrite takes all.
   *
   * Durability: with the return the record is in the page cache, so it survives the death of this process; `beginSync`
   * makes it survive a power loss.
   */
  append(op: NewOperation, src: Buffer = NO_DATA, dataOffset = 0, dataLength = 0): number {
    const fields = fieldsLength(op)
    const head = RECORD_HEAD + fields
    const length = head + dataLength
    if (length > MAX_RECORD) return -EFBIG
    let segment = this.active
    if (segment === null || this.tail || segment.length >= this.segmentBytes) {
      const error = this.prepare()
      if (error < 0) return error
      segment = this.active
      if (segment === null) return -EIO
    }
    let bytes: Buffer<ArrayBufferLike>
    let view: DataView
    let at = 0
    if (dataLength > 0 && head <= HEADROOM && head <= dataOffset) {
      if (src !== this.lastSrc) {
        this.lastSrc = src
        this.lastView = viewOf(src)
      }
      bytes = src
      view = this.lastView
      at = dataOffset - head
    } else {
      if (length > this.scratch.length) {
        this.scratch = Buffer.alloc(length)
        this.scratchView = viewOf(this.scratch)
      }
      bytes = this.scratch
      view = this.scratchView
      if (dataLength > 0) bytes.set(src.subarray(dataOffset, dataOffset + dataLength), head)
    }
    encodeRecord(op, this.lastId + 1, this.durable, bytes, view, at, fields, dataLength)
    const written = appendRecord(segment.fd, bytes, at, length, segment.length, segment.nonce)
    if (written < 0) {
      this.tail = true
      this.takeBack(segment)
      return written
    }
    segment.length += length
    this.end += length
    this.lastId++
    if (!isMarker(op)) {
      segment.operations++
      this.operations++
    }
    return this.end - dataLength
  }

  /** Closes the active segment to appends; the next append begins a new one. */
  rotate(): void {
    if (this.active !== null && this.active.length > SEGMENT_HEADER && !this.tail) this.active = null
  }

  /**
   * What must be flushed for an fsync: everything not known to be on the disk, oldest segment first, the directory
   * last. Segments already on their way in an earlier flush are in it again, since that one may fail.
   */
  beginSync(): LogSync | null {
    const fds = this.held.filter((s) => !s.unlinked && s.start + s.length > this.durable).map((s) => s.fd)
    if (fds.length === 0) return null
    if (this.directoryDurable < this.directoryChanges) fds.push(this.dirFd)
    const ticket = ++this.tickets
    this.flying.push({ ticket, end: this.end, directory: this.directoryChanges })
    return { ticket, fds: Int32Array.from(fds) }
  }

  /** The flush with this ticket and all before it have succeeded. */
  syncDone(ticket: number): void {
    let flush = this.flying[0]
    while (flush !== undefined && flush.ticket <= ticket) {
      this.durable = Math.max(this.durable, flush.end)
      this.directoryDurable = flush.directory
      this.flying.shift()
      flush = this.flying[0]
    }
  }

  /**
   * A flush failed: the kernel has dropped or kept the bytes, and asking again would answer "fine". So every segment it
   * covered is final, and what is written from now on goes into a new one.
   */
  syncFailed(ticket: number): void {
    this.syncDone(ticket)
    this.rotate()
  }

  /** The stretch of the log whose write-back should be started now (sync_file_range), once per 8 MiB. */
  takeWriteback(): { readonly fd: number; readonly offset: number; readonly length: number } | null {
    if (this.end - this.writebackFrom < WRITEBACK_BYTES) return null
    const { fd, offset, segment } = this.locate(this.writebackFrom)
    const length = segment.length - offset
    this.writebackFrom += length
    return { fd, offset, length }
  }

  /** pread(2) from the segment that holds the position; bytes read, or -errno. */
  read(position: number, buf: Uint8Array, offset: number, length: number): number {
    const segment = this.find(position)
    return segment === undefined ? -EIO : readAt(segment.fd, buf, offset, length, position - segment.start)
  }

  /** Where the position lies, for segment lists handed to native code. The descriptor stays the log's own. */
  fdAt(position: number): { readonly fd: number; readonly offset: number } {
    const { fd, offset } = this.locate(position)
    return { fd, offset }
  }

  /**
   * Removes the segments that end at or below a position. Those that `isPinned` names (extents point into them) stay
   * readable through their descriptor until a later call.
   *
   * Write order: `recorded` and a synced working/ stand on the disk before this is called; segments go oldest first, so
   * a crash in between leaves a log without a hole.
   */
  drop(upToPosition: number, isPinned: (startPosition: number, endPosition: number) => boolean): void {
    if (this.active !== null && this.end <= upToPosition) this.rotate()
    for (const segment of [...this.held]) {
      const end = segment.start + segment.length
      if (segment === this.active || end > upToPosition) break
      if (!segment.unlinked) {
        rmSync(segment.path, { force: true })
        segment.unlinked = true
        this.operations -= segment.operations
        this.heldFrom = end
      }
      if (isPinned(segment.start, end)) continue
      this.held.splice(this.held.indexOf(segment), 1)
      closeSync(segment.fd)
    }
    this.durable = Math.max(this.durable, this.heldFrom)
    this.writebackFrom = Math.max(this.writebackFrom, this.heldFrom)
  }

  close(): void {
    for (const segment of this.held.splice(0)) closeSync(segment.fd)
    this.active = null
    closeSync(this.dirFd)
  }

  /** Makes the log ready for a record: takes a failed one back, begins a segment. 0 or -errno. */
  private prepare(): number {
    if (this.active !== null && this.tail) {
      const error = this.takeBack(this.active)
      if (error < 0) return error
    }
    if (this.active !== null && this.active.length >= this.segmentBytes) this.active = null
    return this.active === null ? this.beginSegment() : 0
  }

  private takeBack(segment: Held): number {
    try {
      ftruncateSync(segment.fd, segment.length)
      this.tail = false
      return 0
    } catch (error) {
      return errnoOf(error)
    }
  }

  /** A crash before the header is whole leaves a last segment without records, which recovery removes. */
  private beginSegment(): number {
    const path = join(this.dir, segmentName(this.lastId + 1))
    const nonce = randomBytes(4).readUInt32LE(0)
    let fd: number
    try {
      fd = openSync(path, 'wx+', 0o600)
    } catch (error) {
      return errnoOf(error)
    }
    try {
      const header = encodeHeader({ nonce, firstId: this.lastId + 1, startPosition: this.end, created: BigInt(Date.now()) * 1_000_000n, boot: currentBoot() })
      if (writeSync(fd, header, 0, SEGMENT_HEADER, 0) !== SEGMENT_HEADER) throw Object.assign(new Error('short write'), { errno: -28 })
    } catch (error) {
      closeSync(fd)
      rmSync(path, { force: true })
      return errnoOf(error)
    }
    this.active = { path, start: this.end, nonce, fd, length: SEGMENT_HEADER, operations: 0, unlinked: false }
    this.held.push(this.active)
    this.end += SEGMENT_HEADER
    this.directoryChanges++
    return 0
  }

  private find(position: number): Held | undefined {
    let low = 0
    let high = this.held.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.held[middle]?.start ?? 0) <= position) low = middle
      else high = middle - 1
    }
    const segment = this.held[low]
    return segment !== undefined && position >= segment.start && position < segment.start + segment.length ? segment : undefined
  }

  private locate(position: number): { readonly fd: number; readonly offset: number; readonly segment: Held } {
    const segment = this.find(position)
    if (segment === undefined) throw new Error(`The log does not hold position ${position}`)
    return { fd: segment.fd, offset: position - segment.start, segment }
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function errnoOf(error: unknown): number {
  const errno = (error as NodeJS.ErrnoException).errno
  return typeof errno === 'number' && errno < 0 ? errno : -EIO
}
