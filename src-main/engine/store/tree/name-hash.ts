import * as native from '../../sys/native.ts'

const CONTEXT = 'ize 2026-11 name v1'
const BITS = 5
/** 51 times five bits are in a hash. Nobody finds 33 names that agree in all of them. */
export const LEVELS = 51

/** Of a name's bytes: BLAKE3 in derive-key mode, 64 hex digits. Nobody can choose names that crowd into one leaf. */
export function hashOfName(name: string): string {
  return native.hashBytes(Buffer.from(name, 'latin1'), CONTEXT)
}

/** The slot of a branch that a name belongs to: at level n, bits 5n to 5n + 4 of its hash, the highest first. */
export function slotAt(hash: string, level: number): number {
  const bit = BITS * level
  const digit = bit >> 2
  // Twelve bits from a digit's beginning have the five in them.
  const window = Number.parseInt(hash.slice(digit, digit + 3).padEnd(3, '0'), 16)
  return (window >> (12 - BITS - (bit & 3))) & 31
}
