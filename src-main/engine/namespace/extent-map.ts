/**
 * Which bytes of a file stand in the operation log: sorted, non-overlapping extents in blocks of at most `BLOCK`
 * entries, so that random writes into a large file cost O(log n) and a small file costs one short array.
 *
 * An entry is three numbers: offset, end (exclusive), position. A positive position is where the bytes stand in the
 * log; a negative one means zeros: a hole, or zeros that take up room (see `hole` and `zeros`).
 */
const BLOCK = 3 * 128

/** Zeros of whole blocks that an operation gave back. */
export function hole(position: number): number {
  return -position
}

/** Zeros in a block of which an operation gave back a part only: it stays allocated. */
export function zeros(position: number): number {
  return -position - 0.5
}

export function isHole(position: number): boolean {
  return position < 0 && Number.isInteger(position)
}

export type ExtentVisitor = (offset: number, end: number, position: number) => void

export class ExtentMap {
  private blocks: number[][] = []

  get size(): number {
    let n = 0
    for (const block of this.blocks) n += block.length / 3
    return n
  }

  /** Puts [offset, end) at `position`, cutting what lay there before. */
  insert(offset: number, end: number, position: number): void {
    if (end <= offset) return
    const last = this.blocks[this.blocks.length - 1]
    if (!last) {
      this.blocks.push([offset, end, position])
      return
    }
    if (offset >= (last[last.length - 2] as number)) {
      if (last.length < BLOCK) last.push(offset, end, position)
      else this.blocks.push([offset, end, position])
      return
    }
    this.replace(offset, end, [offset, end, position])
  }

  /** Forgets everything from `size` on. */
  truncate(size: number): void {
    this.replace(size, Infinity, [])
  }

  /** Forgets [offset, end). */
  remove(offset: number, end: number): void {
    if (end > offset) this.replace(offset, end, [])
  }

  /** Visits what intersects [offset, end), clipped to it, in order. */
  visit(offset: number, end: number, visitor: ExtentVisitor): void {
    for (let b = this.blockAt(offset); b < this.blocks.length; b++) {
      const block = this.blocks[b] as number[]
      for (let i = entryAt(block, offset); i < block.length; i += 3) {
        const from = block[i] as number
        if (from >= end) return
        const to = block[i + 1] as number
        const position = block[i + 2] as number
        const start = Math.max(from, offset)
        visitor(start, Math.min(to, end), moved(position, start - from))
      }
    }
  }

  /** Drops the extents whose operation stands before `position` in the log: working/ has taken them in. */
  dropBefore(position: number): void {
    const kept: number[][] = []
    let current: number[] = []
    for (const block of this.blocks) {
      for (let i = 0; i < block.length; i += 3) {
        if (Math.abs(block[i + 2] as number) < position) continue
        if (current.length >= BLOCK) {
          kept.push(current)
          current = []
        }
        current.push(block[i] as number, block[i + 1] as number, block[i + 2] as number)
      }
    }
    if (current.length > 0) kept.push(current)
    this.blocks = kept
  }

  /** Index of the first block that may hold something ending after `offset`. */
  private blockAt(offset: number): number {
    let low = 0
    let high = this.blocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      const block = this.blocks[middle] as number[]
      if ((block[block.length - 2] as number) <= offset) low = middle + 1
      else high = middle
    }
    return low
  }

  private replace(offset: number, end: number, entry: number[]): void {
    const first = this.blockAt(offset)
    let lastBlock = first
    const merged: number[] = []
    let pending: number[] | null = entry
    const flush = (): void => {
      if (pending) merged.push(...pending)
      pending = null
    }
    for (; lastBlock < this.blocks.length; lastBlock++) {
      const block = this.blocks[lastBlock] as number[]
      if (lastBlock > first && (block[0] as number) >= end) break
      for (let i = 0; i < block.length; i += 3) {
        const from = block[i] as number
        const to = block[i + 1] as number
        const position = block[i + 2] as number
        if (from < offset) merged.push(from, Math.min(to, offset), position)
        if (to > offset) flush()
        if (to > end) merged.push(Math.max(from, end), to, moved(position, Math.max(from, end) - from))
      }
    }
    flush()
    const rebuilt: number[][] = []
    for (let i = 0; i < merged.length;) {
      // Halves, so that the next insert into the same place does not split again.
      const take = merged.length - i <= BLOCK ? merged.length - i : BLOCK / 2
      rebuilt.push(merged.slice(i, i + take))
      i += take
    }
    this.blocks.splice(first, lastBlock - first, ...rebuilt)
  }
}

function moved(position: number, by: number): number {
  return position < 0 ? position : position + by
}

/** Index in the block of the first entry that ends after `offset`. */
function entryAt(block: readonly number[], offset: number): number {
  let low = 0
  let high = block.length / 3
  while (low < high) {
    const middle = (low + high) >> 1
    if ((block[middle * 3 + 1] as number) <= offset) low = middle + 1
    else high = middle
  }
  return low * 3
}
