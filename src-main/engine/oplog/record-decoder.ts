import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { FLAG_KILL, RECORD_HEAD, RECORD_VERSION } from './codec.ts'
import { getI64, getU64 } from './little-endian.ts'
import type { Ino, OpId, Operation } from './operation.ts'
import { recordType } from './record-types.ts'

/**
 * The operation of the record whose head and fields stand at `at` of `bytes`, which `view` covers.
 * Errors: E_LOG_VERSION for a version or type this Ize does not know, E_LOG_DAMAGED when the fields do not fit.
 */
export function decodeRecord(bytes: Buffer, view: DataView, at: number): Operation {
  const number = view.getUint8(at + 16)
  const type = recordType(number)
  if (type === undefined || view.getUint8(at + 17) !== RECORD_VERSION) {
    throw unknownRecord(getU64(view, at + 8), number, view.getUint8(at + 17))
  }
  const fields = new Fields(bytes, view, at + RECORD_HEAD, at + RECORD_HEAD + view.getUint32(at + 44, true))
  const id = getU64(view, at + 8) as OpId
  const ino = getU64(view, at + 24) as Ino
  const pid = view.getUint32(at + 20, true)
  const sec = getI64(view, at + 32)
  const nsec = view.getUint32(at + 40, true)
  const path = fields.bytesOf(view.getUint32(at + 52, true))
  const kill = (view.getUint16(at + 18, true) & FLAG_KILL) !== 0
  // Whole literals: an object spread here costs 50 times the rest (measured: 7 µs).
  switch (type) {
    case 'write':
      return {
        type,
        id,
        ino,
        pid,
        sec,
        nsec,
        path,
        offset: fields.u64(),
        length: view.getUint32(at + 4, true) - RECORD_HEAD - view.getUint32(at + 44, true),
        kill,
      }
    case 'truncate':
      return { type, id, ino, pid, sec, nsec, path, size: fields.u64(), kill }
    case 'create':
    case 'mkdir':
      return { type, id, ino, pid, sec, nsec, path, mode: fields.u32(), uid: fields.u32(), gid: fields.u32() }
    case 'mknod':
      return {
        type,
        id,
        ino,
        pid,
        sec,
        nsec,
        path,
        mode: fields.u32(),
        uid: fields.u32(),
        gid: fields.u32(),
        rdev: fields.u32(),
      }
    case 'symlink':
      return {
        type,
        id,
        ino,
        pid,
        sec,
        nsec,
        path,
        mode: fields.u32(),
        uid: fields.u32(),
        gid: fields.u32(),
        target: fields.string(),
      }
    case 'link':
      return { type, id, ino, pid, sec, nsec, path, from: fields.string() }
    case 'delete':
    case 'rmdir':
    case 'close':
      return { type, id, ino, pid, sec, nsec, path }
    case 'rename':
      return {
        type,
        id,
        ino,
        pid,
        sec,
        nsec,
        path,
        flags: fields.u32(),
        replaced: fields.u64() as Ino | 0,
        to: fields.string(),
      }
    case 'setattr':
      return {
        type,
        id,
        ino,
        pid,
        sec,
        nsec,
        path,
        valid: fields.u32(),
        mode: fields.u32(),
        uid: fields.u32(),
        gid: fields.u32(),
        aSec: fields.i64(),
        aNsec: fields.u32(),
        mSec: fields.i64(),
        mNsec: fields.u32(),
      }
    case 'setxattr':
      return { type, id, ino, pid, sec, nsec, path, name: fields.string(), value: fields.value() }
    case 'removexattr':
      return { type, id, ino, pid, sec, nsec, path, name: fields.string() }
    case 'allocate':
      return { type, id, ino, pid, sec, nsec, path, mode: fields.u32(), offset: fields.u64(), length: fields.u64() }
    case 'program':
      return { type, id, ino, pid, sec, nsec, path, process: fields.u32(), start: fields.u64(), name: fields.string() }
    default:
      return assertNever(type, 'record type')
  }
}

export function unknownRecord(id: number, type: number, version: number): IzeError {
  return new IzeError(
    'E_LOG_VERSION',
    `Operation ${id} in the log is of type ${type}, version ${version}, which this Ize does not know. A newer Ize wrote it; use that one.`,
    { id, type, version },
  )
}

/** Reads a record's fields one after the other and never past their end. */
class Fields {
  constructor(
    private readonly bytes: Buffer,
    private readonly view: DataView,
    private at: number,
    private readonly end: number,
  ) {}

  private take(length: number): number {
    const at = this.at
    if (at + length > this.end) {
      throw new IzeError(
        'E_LOG_DAMAGED',
        `A record in the log has ${this.end - at} bytes left where ${length} belong. Run "ize doctor".`,
      )
    }
    this.at = at + length
    return at
  }
  u32(): number {
    return this.view.getUint32(this.take(4), true)
  }
  u64(): number {
    return getU64(this.view, this.take(8))
  }
  i64(): number {
    return getI64(this.view, this.take(8))
  }
  bytesOf(length: number): string {
    const at = this.take(length)
    return this.bytes.toString('latin1', at, at + length)
  }
  string(): string {
    return this.bytesOf(this.u32())
  }
  value(): Uint8Array {
    const length = this.u32()
    const at = this.take(length)
    return new Uint8Array(this.bytes.subarray(at, at + length))
  }
}
