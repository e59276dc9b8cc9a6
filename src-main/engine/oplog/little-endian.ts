// Numbers on disk: little-endian, 64-bit ones as far as a double is exact (2^53).

const TWO_32 = 0x1_0000_0000

/** ToUint32 of a double is its value modulo 2^32, for negative ones too; floor gives the upper half. */
export function putU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true)
  view.setUint32(at + 4, value / TWO_32, true)
}

export function putI64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true)
  view.setInt32(at + 4, Math.floor(value / TWO_32), true)
}

export function getU64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * TWO_32
}

export function getI64(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getInt32(at + 4, true) * TWO_32
}
