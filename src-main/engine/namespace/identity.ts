import type { Ino, OpId } from '../oplog/operation.ts'

/**
 * Who a file in `working/` is: kept in its xattr `user.ize`, so that what programs see (inode number, ctime, birth
 * time, full mode) outlives recording and remounting. `mode` stands here because working/ keeps every file readable
 * and writable for its owner (mode | 0600, directories | 0700), whatever programs set.
 */
export interface Identity {
  readonly ino: Ino
  /** Permission bits (07777) as programs see them. */
  readonly mode: number
  /** The file may have holes, so its allocated blocks are counted, not derived from its size. */
  readonly sparse: boolean
  readonly ctimeSec: number
  readonly ctimeNsec: number
  readonly btimeSec: number
  readonly btimeNsec: number
  /** The last operation that working/ has taken in for this inode. */
  readonly applied: OpId | 0
}

export const IDENTITY_XATTR = 'user.ize'
export const IDENTITY_BYTES = 48
const VERSION = 1

/**
 * Little-endian: u8 version, u8 flags (1 = sparse), u16 mode, u32 ctime ns, u64 ino, i64 ctime s, i64 btime s,
 * u32 btime ns, u32 zero, u64 applied operation.
 */
export function encodeIdentity(identity: Identity): Buffer {
  const out = Buffer.alloc(IDENTITY_BYTES)
  out[0] = VERSION
  out[1] = identity.sparse ? 1 : 0
  out.writeUInt16LE(identity.mode & 0o7777, 2)
  out.writeUInt32LE(identity.ctimeNsec, 4)
  writeInteger(out, identity.ino, 8)
  writeInteger(out, identity.ctimeSec, 16)
  writeInteger(out, identity.btimeSec, 24)
  out.writeUInt32LE(identity.btimeNsec, 32)
  writeInteger(out, identity.applied, 40)
  return out
}

/** Reads the identity at `offset`; null when these bytes are none (foreign or of another version). */
export function decodeIdentity(bytes: Uint8Array, offset: number, length: number): Identity | null {
  if (length !== IDENTITY_BYTES || bytes[offset] !== VERSION) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length)
  const ino = readInteger(view, 8)
  if (ino < 1) return null
  return {
    ino: ino as Ino,
    mode: view.getUint16(2, true),
    sparse: (view.getUint8(1) & 1) !== 0,
    ctimeSec: readInteger(view, 16),
    ctimeNsec: view.getUint32(4, true),
    btimeSec: readInteger(view, 24),
    btimeNsec: view.getUint32(32, true),
    applied: readInteger(view, 40) as OpId | 0,
  }
}

/** The number alone; 0 when these bytes are no identity. */
export function identityNumber(bytes: Uint8Array, offset: number, length: number): number {
  if (length !== IDENTITY_BYTES || bytes[offset] !== VERSION) return 0
  return readInteger(new DataView(bytes.buffer, bytes.byteOffset + offset, length), 8)
}

function writeInteger(out: Buffer, value: number, offset: number): void {
  out.writeUInt32LE(value >>> 0, offset)
  out.writeInt32LE(Math.floor(value / 0x1_0000_0000), offset + 4)
}

function readInteger(view: DataView, offset: number): number {
  return view.getInt32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true)
}
