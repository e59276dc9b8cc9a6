/**
 * Records of the operation log: their bytes.
 *
 *     RECORD_HEAD = 64, MAX_RECORD = 64 MiB (bytes)
 *     fieldsLength(op: NewOperation): number
 *     encodeRecord(op, id, synced, bytes: Buffer, view: DataView, at, fields, dataLength): void   // all but the CRC and the data
 *     readFrame(view: DataView, at): RecordFrame | null
 * and in record-decoder.ts
 *     decodeRecord(bytes: Buffer, view: DataView, at): Operation
 *
 * A record, little-endian. Head of 64 bytes:
 *     0 u32 CRC-32C of [4, length), seeded with the segment's nonce     32 i64 seconds
 *     4 u32 length of the whole record                                  40 u32 nanoseconds
 *     8 u64 operation id                                                44 u32 length of path and fields
 *    16 u8  type (record-types.ts)                                      48 u32 "IZR1"
 *    17 u8  version, 1                                                  52 u32 length of the path
 *    18 u16 flags                                                       56 u64 global position below which the log was
 *    20 u32 pid                                                                known to be on the disk at that moment
 *    24 u64 inode number
 * then the path, the type's fields (the switch in encodeFields), and for a write the data.
 */
import { assertNever } from '../assert-never.ts'
import { getU64, putI64, putU64 } from './little-endian.ts'
import type { NewOperation } from './operation.ts'
import { RECORD_TYPES } from './record-types.ts'

export const RECORD_HEAD = 64
export const MAX_RECORD = 64 * 1024 * 1024
export const RECORD_VERSION = 1
/** "IZR1" at offset 48, by which a scan finds its way back after damage. */
export const RECORD_MAGIC = 0x31525a49
export const MAGIC_OFFSET = 48
export const FLAG_KILL = 1
/** From here on the native copy is faster than a loop over the characters (measured). */
const SHORT = 32

/** Bytes of the path and the type's fields: what stands between head and data. */
export function fieldsLength(op: NewOperation): number {
  const path = op.path.length
  switch (op.type) {
    case 'write':
    case 'truncate':
      return path + 8
    case 'create':
    case 'mkdir':
      return path + 12
    case 'mknod':
      return path + 16
    case 'symlink':
      return path + 16 + op.target.length
    case 'link':
      return path + 4 + op.from.length
    case 'delete':
    case 'rmdir':
    case 'close':
      return path
    case 'rename':
      return path + 16 + op.to.length
    case 'setattr':
      return path + 40
    case 'setxattr':
      return path + 8 + op.name.length + op.value.length
    case 'removexattr':
      return path + 4 + op.name.length
    case 'allocate':
      return path + 20
    case 'program':
      return path + 16 + op.name.length
    default:
      return assertNever(op, 'operation')
  }
}

/**
 * Writes head, path and fields at `at` of `bytes`, of which `view` is the whole. The caller puts the data behind them
 * and the CRC in front.
 */
export function encodeRecord(
  op: NewOperation,
  id: number,
  synced: number,
  bytes: Buffer,
  view: DataView,
  at: number,
  fields: number,
  dataLength: number,
): void {
  const path = op.path
  view.setUint32(at + 4, RECORD_HEAD + fields + dataLength, true)
  putU64(view, at + 8, id)
  view.setUint8(at + 16, RECORD_TYPES[op.type])
  view.setUint8(at + 17, RECORD_VERSION)
  view.setUint16(at + 18, (op.type === 'write' || op.type === 'truncate') && op.kill ? FLAG_KILL : 0, true)
  view.setUint32(at + 20, op.pid, true)
  putU64(view, at + 24, op.ino)
  putI64(view, at + 32, op.sec)
  view.setUint32(at + 40, op.nsec, true)
  view.setUint32(at + 44, fields, true)
  view.setUint32(at + MAGIC_OFFSET, RECORD_MAGIC, true)
  view.setUint32(at + 52, path.length, true)
  putU64(view, at + 56, synced)
  putBytes(bytes, at + RECORD_HEAD, path)
  encodeFields(op, bytes, view, at + RECORD_HEAD + path.length)
}

function encodeFields(op: NewOperation, bytes: Buffer, view: DataView, at: number): void {
  switch (op.type) {
    case 'write':
      putU64(view, at, op.offset)
      return
    case 'truncate':
      putU64(view, at, op.size)
      return
    case 'create':
    case 'mkdir':
      putMake(view, at, op)
      return
    case 'mknod':
      putMake(view, at, op)
      view.setUint32(at + 12, op.rdev, true)
      return
    case 'symlink':
      putMake(view, at, op)
      putString(bytes, view, at + 12, op.target)
      return
    case 'link':
      putString(bytes, view, at, op.from)
      return
    case 'delete':
    case 'rmdir':
    case 'close':
      return
    case 'rename':
      view.setUint32(at, op.flags, true)
      putU64(view, at + 4, op.replaced)
      putString(bytes, view, at + 12, op.to)
      return
    case 'setattr':
      view.setUint32(at, op.valid, true)
      view.setUint32(at + 4, op.mode, true)
      view.setUint32(at + 8, op.uid, true)
      view.setUint32(at + 12, op.gid, true)
      putI64(view, at + 16, op.aSec)
      view.setUint32(at + 24, op.aNsec, true)
      putI64(view, at + 28, op.mSec)
      view.setUint32(at + 36, op.mNsec, true)
      return
    case 'setxattr':
      putString(bytes, view, at, op.name)
      view.setUint32(at + 4 + op.name.length, op.value.length, true)
      bytes.set(op.value, at + 8 + op.name.length)
      return
    case 'removexattr':
      putString(bytes, view, at, op.name)
      return
    case 'allocate':
      view.setUint32(at, op.mode, true)
      putU64(view, at + 4, op.offset)
      putU64(view, at + 12, op.length)
      return
    case 'program':
      view.setUint32(at, op.process, true)
      putU64(view, at + 4, op.start)
      putString(bytes, view, at + 12, op.name)
      return
    default:
      assertNever(op, 'operation')
  }
}

/** What a scan needs of a head. */
export interface RecordFrame {
  readonly length: number
  readonly fields: number
  readonly id: number
  readonly type: number
  readonly version: number
  readonly synced: number
}

/** The frame of the head at `at` (64 bytes must be there), or null when no record can begin so. Says nothing of the CRC. */
export function readFrame(view: DataView, at: number): RecordFrame | null {
  if (view.getUint32(at + MAGIC_OFFSET, true) !== RECORD_MAGIC) return null
  const length = view.getUint32(at + 4, true)
  const fields = view.getUint32(at + 44, true)
  if (length > MAX_RECORD || RECORD_HEAD + fields > length || view.getUint32(at + 52, true) > fields) return null
  return {
    length,
    fields,
    id: getU64(view, at + 8),
    type: view.getUint8(at + 16),
    version: view.getUint8(at + 17),
    synced: getU64(view, at + 56),
  }
}

function putMake(
  view: DataView,
  at: number,
  op: { readonly mode: number; readonly uid: number; readonly gid: number },
): void {
  view.setUint32(at, op.mode, true)
  view.setUint32(at + 4, op.uid, true)
  view.setUint32(at + 8, op.gid, true)
}

function putString(bytes: Buffer, view: DataView, at: number, text: string): void {
  view.setUint32(at, text.length, true)
  putBytes(bytes, at + 4, text)
}

function putBytes(bytes: Buffer, at: number, text: string): void {
  const length = text.length
  if (length > SHORT) bytes.write(text, at, length, 'latin1')
  else for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i)
}
