/**
 * Segments of the operation log: their names and headers.
 *
 *     SEGMENT_HEADER = 64 (bytes)
 *     interface SegmentHeader { nonce, firstId, startPosition, created, boot }
 *     interface LogSegment { name, firstId, startPosition, length, nonce, operations }
 *     segmentName(firstId): string · segmentNames(dir): string[] · encodeHeader(header): Buffer · decodeHeader(bytes): SegmentHeader | null
 *
 * A segment is `dirty/{first operation id, 16 hex digits}.oplog`: a header, then records (codec.ts) without gaps.
 * Header, little-endian: 0 "IZEOPLOG", 8 u32 version 1, 12 u32 nonce, 16 u64 first operation id, 24 u64 start
 * position, 32 u64 creation time in ns, 40 u64 boot (boot.ts), 48 twelve zero bytes, 60 u32 CRC-32C of [0, 60).
 * The nonce is random and seeds the CRC of every record in the segment, so that the image of a log that stands in some
 * record's data is never mistaken for records.
 * A global position is the start position plus the offset in the file; the next segment starts where this one ends.
 */
import { readdirSync } from 'node:fs'
import { IzeError } from '../ize-error.ts'
import { crc32c } from '../sys/native.ts'
import { bootFromBytes, bootToBytes } from './boot.ts'

export const SEGMENT_HEADER = 64
const MAGIC = 'IZEOPLOG'
const VERSION = 1

export interface SegmentHeader {
  readonly nonce: number
  readonly firstId: number
  readonly startPosition: number
  /** Nanoseconds since 1970. */
  readonly created: bigint
  readonly boot: string
}

/** A sound segment as recovery found it. */
export interface LogSegment {
  readonly name: string
  readonly firstId: number
  readonly startPosition: number
  /** Bytes, header included. */
  readonly length: number
  readonly nonce: number
  /** Records that are not markers. */
  readonly operations: number
}

export function segmentName(firstId: number): string {
  return `${firstId.toString(16).padStart(16, '0')}.oplog`
}

/** Names of all segments, oldest first. */
export function segmentNames(dir: string): string[] {
  return readdirSync(dir)
    .filter((name) => /^[0-9a-f]{16}\.oplog$/.test(name))
    .sort()
}

export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt32LE(VERSION, 8)
  bytes.writeUInt32LE(header.nonce, 12)
  bytes.writeBigUInt64LE(BigInt(header.firstId), 16)
  bytes.writeBigUInt64LE(BigInt(header.startPosition), 24)
  bytes.writeBigUInt64LE(header.created, 32)
  bytes.writeBigUInt64LE(bootToBytes(header.boot), 40)
  bytes.writeUInt32LE(crc32c(bytes, 0, SEGMENT_HEADER - 4, 0), SEGMENT_HEADER - 4)
  return bytes
}

/** Null when the bytes are no sound header. Error: E_LOG_VERSION for a sound one of another version. */
export function decodeHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER || bytes.toString('latin1', 0, 8) !== MAGIC) return null
  if (bytes.readUInt32LE(SEGMENT_HEADER - 4) !== crc32c(bytes, 0, SEGMENT_HEADER - 4, 0)) return null
  const version = bytes.readUInt32LE(8)
  if (version !== VERSION) {
    throw new IzeError(
      'E_LOG_VERSION',
      `The operation log has version ${version}, this Ize reads version ${VERSION}. Use the Ize that wrote it.`,
      { version },
    )
  }
  return {
    nonce: bytes.readUInt32LE(12),
    firstId: Number(bytes.readBigUInt64LE(16)),
    startPosition: Number(bytes.readBigUInt64LE(24)),
    created: bytes.readBigUInt64LE(32),
    boot: bootFromBytes(bytes.readBigUInt64LE(40)),
  }
}
