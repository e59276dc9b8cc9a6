import { crc32c } from '../sys/native.ts'
import {
  MAGIC_OFFSET,
  MAX_RECORD,
  RECORD_HEAD,
  RECORD_MAGIC,
  RECORD_VERSION,
  readFrame,
  type RecordFrame,
} from './codec.ts'
import { FileWindow } from './file-window.ts'
import { unknownRecord } from './record-decoder.ts'
import { recordType } from './record-types.ts'
import { SEGMENT_HEADER } from './segment.ts'

/** A record whose CRC is right. */
export interface FoundRecord {
  /** In the segment's file. */
  readonly offset: number
  readonly frame: RecordFrame
}

const CHUNK = 1024 * 1024
const MAGIC_BYTES = Buffer.alloc(4)
MAGIC_BYTES.writeUInt32LE(RECORD_MAGIC)

/**
 * All valid records of a segment in order. Where a record is bad the scan goes on at the next valid one, which the
 * caller sees as a gap between one's end and the next one's offset. A record counts only with an id higher than the one
 * before, so an image of the log itself in the data of a damaged write, which holds older ids, is not mistaken.
 * Error: E_LOG_VERSION for a sound record this Ize does not know.
 */
export function* scanSegment(fd: number, size: number, nonce: number, firstId: number): Generator<FoundRecord> {
  const window = new FileWindow()
  let offset = SEGMENT_HEADER
  let id = firstId - 1
  while (offset < size) {
    const found = recordAt(window, fd, offset, size, nonce, id) ?? resync(window, fd, offset + 1, size, nonce, id)
    if (found === null) return
    const { frame } = found
    if (frame.version !== RECORD_VERSION || recordType(frame.type) === undefined) {
      throw unknownRecord(frame.id, frame.type, frame.version)
    }
    yield found
    id = frame.id
    offset = found.offset + frame.length
  }
}

/** True when something that looks like a record's head stands anywhere behind the (unreadable) header. */
export function looksLikeRecords(fd: number, size: number): boolean {
  return nextMagic(new FileWindow(), fd, SEGMENT_HEADER + MAGIC_OFFSET, size) >= 0
}

function recordAt(
  window: FileWindow,
  fd: number,
  offset: number,
  size: number,
  nonce: number,
  after: number,
): FoundRecord | null {
  let at = offset + RECORD_HEAD > size ? -1 : window.need(fd, offset, RECORD_HEAD, CHUNK)
  if (at < 0) return null
  const frame = readFrame(window.view, at)
  if (frame === null || frame.id <= after || offset + frame.length > size || frame.length > MAX_RECORD) return null
  at = window.need(fd, offset, frame.length, CHUNK)
  if (at < 0 || crc32c(window.bytes, at + 4, frame.length - 4, nonce) !== window.view.getUint32(at, true)) return null
  return { offset, frame }
}

function resync(
  window: FileWindow,
  fd: number,
  from: number,
  size: number,
  nonce: number,
  after: number,
): FoundRecord | null {
  for (let magic = from + MAGIC_OFFSET; ; magic++) {
    magic = nextMagic(window, fd, magic, size)
    if (magic < 0) return null
    const found = recordAt(window, fd, magic - MAGIC_OFFSET, size, nonce, after)
    if (found !== null) return found
  }
}

function nextMagic(window: FileWindow, fd: number, from: number, size: number): number {
  for (let offset = from; offset + 4 <= size;) {
    const at = window.need(fd, offset, 4, CHUNK)
    if (at < 0) return -1
    const available = window.available(at)
    const hit = window.bytes.subarray(at, at + available).indexOf(MAGIC_BYTES)
    if (hit >= 0) return offset + hit
    // The last three bytes may be the beginning of one.
    offset += available - 3
  }
  return -1
}
