import { IzeError } from '../../ize-error.ts'

/** The most bytes that a number up to 2^53 takes. */
const VARINT_BYTES = 8

/**
 * Writes a node. Numbers are LEB128 varints: seven bits a byte, lowest first, the top bit set on all but the last.
 */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(4096)
  private length = 0

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length))
  }

  reset(): void {
    this.length = 0
  }

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  u16(value: number): void {
    this.reserve(2)
    this.length = this.buffer.writeUInt16LE(value, this.length)
  }

  u32(value: number): void {
    this.reserve(4)
    this.length = this.buffer.writeUInt32LE(value, this.length)
  }

  /** A number from 0 to 2^53 - 1. */
  uint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot stand in a tree.`)
    this.reserve(VARINT_BYTES)
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.buffer[this.length++] = (rest % 0x80) | 0x80
    this.buffer[this.length++] = rest
  }

  /** A number of either sign, as 0, -1, 1, -2, … */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  /** A latin1 string under its length. */
  string(value: string): void {
    this.uint(value.length)
    this.reserve(value.length)
    this.length += this.buffer.write(value, this.length, 'latin1')
  }

  /** Bytes under their length. */
  blob(value: Uint8Array): void {
    this.uint(value.length)
    this.reserve(value.length)
    this.buffer.set(value, this.length)
    this.length += value.length
  }

  /** 64 hex digits as 32 bytes. */
  address(value: string): void {
    this.reserve(32)
    const written = value.length === 64 ? this.buffer.write(value, this.length, 'hex') : 0
    if (written !== 32) throw new RangeError(`"${value}" is no address.`)
    this.length += written
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(2 * (this.length + more))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }
}

/** Reads what a ByteWriter wrote, and nothing else: each value has one encoding. Errors: E_OBJECT_DAMAGED. */
export class ByteReader {
  private at = 0

  constructor(
    private readonly bytes: Buffer,
    /** Address of the node that is read. */
    private readonly address: string,
  ) {}

  end(): void {
    if (this.at !== this.bytes.length) this.fail(`${this.bytes.length - this.at} bytes follow its end`)
  }

  byte(): number {
    return this.bytes.readUInt8(this.take(1))
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.take(2))
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.take(4))
  }

  uint(): number {
    let value = 0
    for (let scale = 1, taken = 1; ; scale *= 0x80, taken++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte >= 0x80 && taken < VARINT_BYTES) continue
      if (byte >= 0x80 || (byte === 0 && taken > 1) || value > Number.MAX_SAFE_INTEGER) this.fail('a number is not one')
      return value
    }
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  string(): string {
    const length = this.uint()
    const from = this.take(length)
    return this.bytes.toString('latin1', from, from + length)
  }

  blob(): Buffer {
    const length = this.uint()
    const from = this.take(length)
    return this.bytes.subarray(from, from + length)
  }

  hash(): string {
    const from = this.take(32)
    return this.bytes.toString('hex', from, from + 32)
  }

  fail(reason: string): never {
    throw damagedNode(this.address, reason)
  }

  private take(length: number): number {
    const from = this.at
    if (length > this.bytes.length - from) this.fail('it is cut short')
    this.at += length
    return from
  }
}

export function damagedNode(address: string, reason: string): IzeError {
  return new IzeError('E_OBJECT_DAMAGED', `The tree node ${address} is damaged: ${reason}.`, { object: address })
}
