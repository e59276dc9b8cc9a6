export const BYTES = 16
/** A browser cannot lay out more rows than some: very large files come in parts. */
export const PART = 16 * 1024 * 1024

export interface HexRow {
  readonly offset: string
  readonly hex: string
  readonly text: string
}

/** How many rows a part of a file of `size` bytes has. */
export function rowsOfPart(size: number, part: number): number {
  return Math.ceil(Math.max(0, Math.min(PART, size - part * PART)) / BYTES)
}

export function partsOf(size: number): number {
  return Math.max(1, Math.ceil(size / PART))
}

/** Up to 16 bytes: where they are, as hexadecimal in two groups, and as text where they are printable ASCII. */
export function hexRow(offset: number, bytes: Uint8Array): HexRow {
  const hex = Array.from({ length: BYTES }, (_, index) => {
    const byte = bytes[index]
    const digits = byte === undefined ? '  ' : byte.toString(16).padStart(2, '0')
    return index === 7 ? `${digits} ` : digits
  })
  const text = Array.from(bytes.subarray(0, BYTES), (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·',
  )
  return { offset: offset.toString(16).padStart(8, '0'), hex: hex.join(' '), text: text.join('') }
}
