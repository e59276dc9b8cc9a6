/**
 * The operation log as the recorder thread reads it, while the mount thread appends: in descriptors of its own, which
 * keep a segment readable after the mount thread has removed it.
 *
 *     new OplogReader(dir: string)
 *     records(fromPosition: number, toPosition: number, options?: { verify?: boolean }): Generator<LogRecord>
 *     recordsAfter(id: number, toPosition: number, options?): Generator<LogRecord>     // the records with a higher id
 *     interface LogRecord { op: Operation, position, dataPosition, end }                // global positions
 *     read(position, buf, offset, length): number · fdAt(position): { fd, offset }
 *     forget(upToPosition): void · close(): void
 *
 * `toPosition` is a record's end that the mount thread has published (OplogWriter.end); what lies beyond may be half
 * written. `fromPosition` is a record's start, a segment's start or end. Errors: E_LOG_DAMAGED, E_LOG_VERSION.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { crc32c, readAt } from '../sys/native.ts'
import { readFrame, RECORD_HEAD } from './codec.ts'
import { FileWindow } from './file-window.ts'
import type { Operation } from './operation.ts'
import { decodeRecord } from './record-decoder.ts'
import { decodeHeader, SEGMENT_HEADER, segmentNames } from './segment.ts'

export interface LogRecord {
  readonly op: Operation
  readonly position: number
  /** Where a write's data begin; the record's end for all others. */
  readonly dataPosition: number
  readonly end: number
}

export interface ReadOptions {
  /** Checks each record's CRC, data included. Recovery has done so for what it found. */
  readonly verify?: boolean
}

interface OpenSegment {
  readonly name: string
  readonly fd: number
  readonly firstId: number
  readonly start: number
  readonly nonce: number
}

const CHUNK = 1024 * 1024
/** Past a long record the next head is read alone, since what follows it is likely data again. */
const LONG = 32 * 1024
const SMALL_CHUNK = 4096

export class OplogReader {
  /** Oldest first. */
  private segments: OpenSegment[] = []

  constructor(private readonly dir: string) {}

  *records(fromPosition: number, toPosition: number, options: ReadOptions = {}): Generator<LogRecord> {
    let segment: OpenSegment | null = null
    let segmentEnd = 0
    let window = new FileWindow()
    let ahead = Math.min(CHUNK, Math.max(SMALL_CHUNK, toPosition - fromPosition))
    let position = fromPosition
    while (position < toPosition) {
      if (segment === null || position >= segmentEnd) {
        const next: OpenSegment = this.holding(position)
        // Descriptor numbers are given again, so a window never outlives its segment.
        if (next !== segment) window = new FileWindow()
        segment = next
        segmentEnd = this.endOf(segment)
      }
      const offset = Math.max(position - segment.start, SEGMENT_HEADER)
      position = segment.start + offset
      if (position >= toPosition) return
      let at = window.need(segment.fd, offset, RECORD_HEAD, ahead)
      const frame = at < 0 ? null : readFrame(window.view, at)
      if (frame === null) throw damaged(segment, offset)
      at = window.need(segment.fd, offset, options.verify === true ? frame.length : RECORD_HEAD + frame.fields, ahead)
      if (at < 0) throw damaged(segment, offset)
      if (
        options.verify === true &&
        crc32c(window.bytes, at + 4, frame.length - 4, segment.nonce) !== window.view.getUint32(at, true)
      ) {
        throw damaged(segment, offset)
      }
      const op = decodeRecord(window.bytes, window.view, at)
      const end = position + frame.length
      yield { op, position, dataPosition: position + RECORD_HEAD + frame.fields, end }
      ahead = frame.length > LONG ? SMALL_CHUNK : Math.min(CHUNK, Math.max(SMALL_CHUNK, toPosition - end))
      position = end
    }
  }

  /** The records whose id is higher than `id`, from the oldest segment that may hold one. */
  *recordsAfter(id: number, toPosition: number, options: ReadOptions = {}): Generator<LogRecord> {
    this.refresh()
    const from = this.segments.findLast((s) => s.firstId <= id + 1) ?? this.segments[0]
    if (from === undefined) return
    for (const record of this.records(from.start, toPosition, options)) if (record.op.id > id) yield record
  }

  /** pread(2) from the segment that holds the position; bytes read, or -errno. */
  read(position: number, buf: Uint8Array, offset: number, length: number): number {
    const segment = this.holding(position)
    return readAt(segment.fd, buf, offset, length, position - segment.start)
  }

  /** Where the position lies, for segment lists handed to native code. The descriptor stays the reader's own. */
  fdAt(position: number): { readonly fd: number; readonly offset: number } {
    const segment = this.holding(position)
    return { fd: segment.fd, offset: position - segment.start }
  }

  /** Closes the segments that end at or below a position. */
  forget(upToPosition: number): void {
    while (this.segments.length > 1 && (this.segments[1]?.start ?? Infinity) <= upToPosition) {
      const oldest = this.segments.shift()
      if (oldest !== undefined) closeSync(oldest.fd)
    }
  }

  close(): void {
    for (const segment of this.segments.splice(0)) closeSync(segment.fd)
  }

  private holding(position: number): OpenSegment {
    const known = this.segments.findLast((s) => s.start <= position)
    if (known !== undefined && position < this.endOf(known)) return known
    this.refresh()
    const found = this.segments.findLast((s) => s.start <= position)
    if (found !== undefined && position < this.endOf(found)) return found
    throw new IzeError(
      'E_LOG_DAMAGED',
      `The operation log in ${this.dir} does not hold position ${position}. Run "ize doctor".`,
      { dir: this.dir, position },
    )
  }

  private endOf(segment: OpenSegment): number {
    const next = this.segments[this.segments.indexOf(segment) + 1]
    return next?.start ?? segment.start + fstatSync(segment.fd).size
  }

  /** Opens the segments that appeared. One that vanishes meanwhile, or whose header is not whole yet, is not needed yet. */
  private refresh(): void {
    const known = new Set(this.segments.map((s) => s.name))
    for (const name of segmentNames(this.dir)) {
      if (known.has(name)) continue
      const segment = openSegment(this.dir, name)
      if (segment !== null) this.segments.push(segment)
    }
    this.segments.sort((a, b) => a.start - b.start)
  }
}

function openSegment(dir: string, name: string): OpenSegment | null {
  let fd: number
  try {
    fd = openSync(join(dir, name), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const bytes = Buffer.alloc(SEGMENT_HEADER)
  const header = readSync(fd, bytes, 0, SEGMENT_HEADER, 0) === SEGMENT_HEADER ? decodeHeader(bytes) : null
  if (header !== null) return { name, fd, firstId: header.firstId, start: header.startPosition, nonce: header.nonce }
  closeSync(fd)
  return null
}

function damaged(segment: OpenSegment, offset: number): IzeError {
  return new IzeError(
    'E_LOG_DAMAGED',
    `The operation log is damaged: no valid record at byte ${offset} of ${segment.name}. Run "ize doctor".`,
    { file: segment.name, offset },
  )
}
