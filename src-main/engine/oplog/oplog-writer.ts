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
import { closeSync, openSync } from 'node:fs'
import { appendRecord, readAt } from '../sys/native.ts'
import { encodeRecord, fieldsLength, MAX_RECORD, RECORD_HEAD } from './codec.ts'
import { HeldSegments } from './held-segments.ts'
import { isMarker, type NewOperation } from './operation.ts'
import { SegmentFile } from './segment-file.ts'
import type { LogSegment } from './segment.ts'
import { SyncLedger, type LogSync } from './sync-ledger.ts'

export type { LogSync } from './sync-ledger.ts'

/** Free bytes a caller keeps in front of the data it hands to `append`. */
export const HEADROOM = 65536
const SEGMENT_BYTES = 64 * 1024 * 1024
const WRITEBACK_BYTES = 1 * 1024 * 1024
const EIO = 5
const EFBIG = 27
/** A record without room in front of its data is put together here, or in a buffer of its own when it is longer. */
const KEPT_SCRATCH = 2 * HEADROOM
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

export class OplogWriter {
  lastId: number
  /** Global end position. */
  end: number

  private readonly held: HeldSegments
  private readonly ledger: SyncLedger
  private active: SegmentFile | null = null
  /** A failed append could not be taken back yet: nothing is written before that has worked. */
  private tail = false
  /** The active segment is to be closed as soon as that has worked. */
  private closing = false
  private writebackFrom: number
  private readonly scratch = viewed(Buffer.alloc(KEPT_SCRATCH))
  private source = this.scratch

  /** When the newest operation was done that this writer has appended; 0: none yet. */
  newestSec = 0
  newestNsec = 0

  private constructor(
    private readonly dir: string,
    private readonly dirFd: number,
    options: OplogWriterOptions,
    private readonly segmentBytes: number,
  ) {
    // What a killed engine wrote may still be in memory only: the first flush takes the segments found along.
    const from = options.segments[0]?.startPosition ?? options.startPosition
    this.held = new HeldSegments(from)
    this.ledger = new SyncLedger(from)
    this.lastId = options.nextId - 1
    this.end = options.startPosition
    this.writebackFrom = options.startPosition
  }

  /** Never appends to a segment it finds: the first append begins a new one. Errors: those of open(2), thrown. */
  static open(dir: string, options: OplogWriterOptions): OplogWriter {
    const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
    const writer = new OplogWriter(dir, openSync(dir, 'r'), options, segmentBytes)
    try {
      for (const found of options.segments) writer.held.add(SegmentFile.found(dir, found))
      return writer
    } catch (error) {
      writer.close()
      throw error
    }
  }

  /** Operations in the segments that are not dropped; markers do not count. */
  get operations(): number {
    return this.held.operations
  }

  /** Bytes of the segments that are not dropped. */
  get bytes(): number {
    return this.end - this.held.from
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
    const place = this.placeFor(src, dataOffset, dataLength, head)
    const at = place.bytes === src ? dataOffset - head : 0
    encodeRecord(op, this.lastId + 1, this.ledger.durable, place.bytes, place.view, at, fields, dataLength)
    const written = appendRecord(segment.fd, place.bytes, at, length, segment.length, segment.nonce)
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
      this.held.operations++
      this.newestSec = op.sec
      this.newestNsec = op.nsec
    }
    return this.end - dataLength
  }

  /** Closes the active segment to appends; the next append begins a new one. */
  rotate(): void {
    if (this.active === null) return
    this.closing = true
    if (!this.tail || this.takeBack(this.active) === 0) this.settle()
  }

  /**
   * What must be flushed for an fsync: everything not known to be on the disk, oldest segment first, the directory
   * last. Segments already on their way in an earlier flush are in it again, since that one may fail.
   */
  beginSync(): LogSync | null {
    const fds = this.held.beyond(this.ledger.durable).map((segment) => segment.fd)
    if (fds.length === 0) return null
    if (this.ledger.directoryUnsynced) fds.push(this.dirFd)
    return { ticket: this.ledger.begin(this.end), fds: Int32Array.from(fds) }
  }

  /** The flush with this ticket and all before it have succeeded. */
  syncDone(ticket: number): void {
    this.ledger.done(ticket)
  }

  /**
   * A flush failed: the kernel has dropped or kept the bytes, and asking again would answer "fine". So every segment it
   * covered is final, and what is written from now on goes into a new one.
   */
  syncFailed(ticket: number): void {
    this.ledger.done(ticket)
    this.rotate()
  }

  /** The stretch of the log whose write-back should be started now (sync_file_range), once per MiB. */
  takeWriteback(): { readonly fd: number; readonly offset: number; readonly length: number } | null {
    if (this.end - this.writebackFrom < WRITEBACK_BYTES) return null
    const segment = this.locate(this.writebackFrom)
    const offset = this.writebackFrom - segment.start
    this.writebackFrom = segment.end
    return { fd: segment.fd, offset, length: segment.length - offset }
  }

  /** pread(2) from the segment that holds the position; bytes read, or -errno. */
  read(position: number, buf: Uint8Array, offset: number, length: number): number {
    const segment = this.held.find(position)
    return segment === undefined ? -EIO : readAt(segment.fd, buf, offset, length, position - segment.start)
  }

  /** Where the position lies, for segment lists handed to native code. The descriptor stays the log's own. */
  fdAt(position: number): { readonly fd: number; readonly offset: number } {
    const segment = this.locate(position)
    return { fd: segment.fd, offset: position - segment.start }
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
    this.held.drop(upToPosition, this.active, isPinned)
    this.ledger.advance(this.held.from)
    this.writebackFrom = Math.max(this.writebackFrom, this.held.from)
  }

  close(): void {
    this.held.close()
    this.active = null
    closeSync(this.dirFd)
  }

  /** Where the record is put together: in front of its data when there is room, else in a buffer of our own. */
  private placeFor(src: Buffer, dataOffset: number, dataLength: number, head: number): Viewed {
    if (dataLength > 0 && head <= HEADROOM && head <= dataOffset) {
      if (src !== this.source.bytes) this.source = viewed(src)
      return this.source
    }
    const length = head + dataLength
    const place = length <= KEPT_SCRATCH ? this.scratch : viewed(Buffer.alloc(length))
    if (dataLength > 0) place.bytes.set(src.subarray(dataOffset, dataOffset + dataLength), head)
    return place
  }

  /** Makes the log ready for a record: takes a failed one back, begins a segment. 0 or -errno. */
  private prepare(): number {
    if (this.active !== null && this.tail) {
      const error = this.takeBack(this.active)
      if (error < 0) return error
    }
    if (this.active !== null && this.active.length >= this.segmentBytes) this.closing = true
    this.settle()
    if (this.active !== null) return 0
    const segment = SegmentFile.begin(this.dir, this.lastId + 1, this.end)
    if (typeof segment === 'number') return segment
    this.active = segment
    this.held.add(segment)
    this.end = segment.end
    this.ledger.directoryChanged()
    return 0
  }

  private settle(): void {
    if (this.closing) this.active = null
    this.closing = false
  }

  /** Removes what a failed append left; a segment that holds nothing else goes as a whole. 0 or -errno. */
  private takeBack(segment: SegmentFile): number {
    if (segment.isEmpty) {
      this.held.discard(segment)
      this.active = null
      this.end = segment.start
      this.writebackFrom = Math.min(this.writebackFrom, this.end)
    } else {
      const error = segment.cutTail()
      if (error < 0) return error
    }
    this.tail = false
    return 0
  }

  private locate(position: number): SegmentFile {
    const segment = this.held.find(position)
    if (segment === undefined) throw new Error(`The log does not hold position ${position}`)
    return segment
  }
}

interface Viewed {
  readonly bytes: Buffer
  readonly view: DataView
}

function viewed(bytes: Buffer): Viewed {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}
