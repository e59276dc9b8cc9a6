import { hashBytes } from '../../sys/native.ts'
import { putU64 } from '../../oplog/little-endian.ts'
import { positionOf, type Subtree } from './positions.ts'

export const NODE_BYTES = 32

const NODE_CONTEXT = 'ize 2026-11 mmr node v1'
const ROOT_CONTEXT = 'ize 2026-11 mmr root v1'

/** BLAKE3 of position (u64 LE), left, right. With the position in it, no subtree can be passed off for another one. */
export function parentHash(position: number, left: Uint8Array, right: Uint8Array): Buffer {
  return Buffer.from(hashNumbered(position, [left, right], NODE_CONTEXT), 'hex')
}

/** BLAKE3 of the number of leaves (u64 LE) and the peaks from left to right, as hex: what is signed, and kept elsewhere. */
export function rootHash(leaves: number, peaks: readonly Uint8Array[]): string {
  return hashNumbered(leaves, peaks, ROOT_CONTEXT)
}

function hashNumbered(number: number, nodes: readonly Uint8Array[], context: string): string {
  const bytes = new Uint8Array(8 + NODE_BYTES * nodes.length)
  putU64(new DataView(bytes.buffer), 0, number)
  nodes.forEach((node, index) => bytes.set(node, 8 + NODE_BYTES * index))
  return hashBytes(bytes, context)
}

interface Peak extends Subtree {
  readonly hash: Buffer
}

/**
 * The peaks of a range while it grows: all that appending needs, and all that a proof of consistency has to show. So a
 * proof is checked by the same few lines that made the range.
 */
export class PeakStack {
  private readonly peaks: Peak[]
  private count: number

  private constructor(peaks: Peak[], count: number) {
    this.peaks = peaks
    this.count = count
  }

  static empty(): PeakStack {
    return new PeakStack([], 0)
  }

  get leaves(): number {
    return this.count
  }

  copy(): PeakStack {
    return new PeakStack([...this.peaks], this.count)
  }

  /**
   * Continues the range by the root of a complete tree, and returns the parents that this completes, lowest first: with
   * a leaf (height 0), the nodes that are appended behind it. Trees come in the order of `subtreesBetween`.
   */
  push(height: number, hash: Buffer): Buffer[] {
    const parents: Buffer[] = []
    let peak: Peak = { height, start: this.count, hash }
    this.count += 2 ** height
    for (let left = this.peaks.at(-1); left?.height === peak.height; left = this.peaks.at(-1)) {
      this.peaks.pop()
      const above = { height: peak.height + 1, start: left.start }
      peak = { ...above, hash: parentHash(positionOf(above), left.hash, peak.hash) }
      parents.push(peak.hash)
    }
    this.peaks.push(peak)
    return parents
  }

  root(): string {
    return rootHash(
      this.count,
      this.peaks.map(({ hash }) => hash),
    )
  }
}
