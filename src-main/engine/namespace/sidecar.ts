import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Ino } from '../oplog/operation.ts'
import { decodeIdentity, encodeIdentity, IDENTITY_BYTES, type Identity } from './identity.ts'

/**
 * Identities of symlinks and special files, which cannot carry an xattr: a table keyed by directory number and name.
 *
 * On disk (`meta/identities`) it is a list of records, the last one for a key wins; a torn last record is ignored, and
 * the file is written anew when it holds far more records than keys. Record, little-endian: u32 CRC-32 of the rest,
 * u32 name length, u64 directory number, 48 bytes of identity (all zero: no entry), the name's bytes.
 *
 * Only the applier writes, before it makes the file in working/; so a crash between leaves an entry without a file,
 * which the applier's next run overwrites.
 */
export class Sidecar {
  private readonly entries = new Map<string, Identity>()
  private fd: number | null = null
  private records = 0
  /** Length of what is sound. */
  private end = 0

  constructor(private readonly file: string) {
    if (!existsSync(file)) return
    const bytes = readFileSync(file)
    let at = 0
    while (at + HEAD <= bytes.length) {
      const end = at + HEAD + bytes.readUInt32LE(at + 4)
      if (end > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32LE(at)) break
      const parent = bytes.readUIntLE(at + 8, 6)
      const name = bytes.toString('latin1', at + HEAD, end)
      this.keep(parent, name, decodeIdentity(bytes, at + 16, IDENTITY_BYTES))
      this.records++
      at = end
    }
    this.end = at
  }

  get(parent: Ino, name: string): Identity | undefined {
    return this.entries.get(`${parent}/${name}`)
  }

  /** Changes the table in memory only: the mount thread follows what the applier wrote. */
  keep(parent: number, name: string, identity: Identity | null): void {
    if (identity) this.entries.set(`${parent}/${name}`, identity)
    else this.entries.delete(`${parent}/${name}`)
  }

  /** Appends an entry (null removes it). */
  put(parent: Ino, name: string, identity: Identity | null): void {
    if (!identity && !this.entries.has(`${parent}/${name}`)) return
    this.keep(parent, name, identity)
    this.fd ??= openSync(this.file, constants.O_RDWR | constants.O_CREAT, 0o600)
    const record = encodeRecord(parent, name, identity)
    // A torn entry, of an earlier run or of a write that failed, must not stand before this one.
    ftruncateSync(this.fd, this.end)
    if (writeSync(this.fd, record, 0, record.length, this.end) < record.length) throw tornWrite(this.file)
    this.end += record.length
    this.records++
    if (this.records > 1000 && this.records > 4 * this.entries.size) this.compact()
  }

  sync(): void {
    if (this.fd !== null) fdatasyncSync(this.fd)
  }

  close(): void {
    if (this.fd !== null) closeSync(this.fd)
    this.fd = null
  }

  /** New file beside the old one, flushed, then renamed over it: a crash leaves one whole table or the other. */
  private compact(): void {
    const temporary = `${this.file}.new`
    const records = [...this.entries].map(([key, identity]) => {
      const slash = key.indexOf('/')
      return encodeRecord(Number(key.slice(0, slash)), key.slice(slash + 1), identity)
    })
    const bytes = Buffer.concat(records)
    writeAndSync(temporary, bytes)
    renameSync(temporary, this.file)
    const directory = openSync(dirname(this.file), 'r')
    fsyncSync(directory)
    closeSync(directory)
    this.close()
    this.records = this.entries.size
    this.end = bytes.length
  }
}

const HEAD = 16 + IDENTITY_BYTES

/** A short write is a disk that is full. */
function tornWrite(file: string): Error {
  return Object.assign(new Error(`${file} could not be written whole: no space left`), { code: 'ENOSPC' })
}

function writeAndSync(file: string, bytes: Buffer): void {
  const fd = openSync(file, 'w', 0o600)
  try {
    if (writeSync(fd, bytes) < bytes.length) throw tornWrite(file)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function encodeRecord(parent: number, name: string, identity: Identity | null): Buffer {
  const out = Buffer.alloc(HEAD + name.length)
  out.writeUInt32LE(name.length, 4)
  out.writeUIntLE(parent, 8, 6)
  if (identity) encodeIdentity(identity).copy(out, 16)
  out.write(name, HEAD, 'latin1')
  out.writeUInt32LE(crc32(out.subarray(4)), 0)
  return out
}
