/**
 * Where the nodes of a Merkle Mountain Range stand. Positions count from 0 in post-order: a leaf as it comes, and behind
 * it every parent that it completes, lowest first. So nodes never move, and the range is only ever appended to.
 *
 *     height 2          6
 *     height 1      2       5       9
 *     leaves      0   1   3   4   7   8   10
 *
 * The roots of the complete trees, from left to right, are the peaks (6, 9 and 10 above); there is one for each bit that
 * is set in the number of leaves. After "Merkle Mountain Ranges" by Peter Todd (2012), as in OpenTimestamps and Grin.
 */

/** A power of two, so that leaf numbers stay within the 32 bits of the bit operators. */
export const MAX_LEAVES = 2 ** 30

/** A complete tree over the leaves [start, start + 2^height); `start` is a multiple of 2^height. */
export interface Subtree {
  readonly height: number
  readonly start: number
}

/** How many positions so many leaves take, which is the position of the next leaf. */
export function positionsOf(leaves: number): number {
  return 2 * leaves - setBits(leaves)
}

/** The most leaves that fit into so many positions with all the parents that they complete. */
export function leavesWithin(positions: number): number {
  let leaves = 0
  for (let span = MAX_LEAVES; span >= 1; span /= 2) {
    if (positions < 2 * span - 1) continue
    positions -= 2 * span - 1
    leaves += span
    if (leaves === MAX_LEAVES) break
  }
  return leaves
}

/** The position of a subtree's root: the last one of its nodes. */
export function positionOf({ height, start }: Subtree): number {
  return positionsOf(start) + 2 ** (height + 1) - 2
}

/** The peaks of a range of so many leaves, left to right. */
export function peaksOf(leaves: number): Subtree[] {
  return subtreesBetween(0, leaves)
}

/**
 * The complete trees, each as large as can be, that continue a range of `from` leaves to one of `to`, in the order in
 * which they are appended. There are at most two for each bit of `to`.
 */
export function subtreesBetween(from: number, to: number): Subtree[] {
  const subtrees: Subtree[] = []
  for (let start = from; start < to;) {
    // As high as `start` is aligned (0 is aligned to everything), and not beyond the end.
    const fits = 31 - Math.clz32(to - start)
    const aligned = start === 0 ? fits : 31 - Math.clz32(start & -start)
    const height = Math.min(aligned, fits)
    subtrees.push({ height, start })
    start += 2 ** height
  }
  return subtrees
}

/** The peak that a leaf lies under in a range of so many leaves, which has the leaf. */
export function peakOver(leaf: number, leaves: number): Subtree {
  const peak = peaksOf(leaves).find(({ height, start }) => leaf < start + 2 ** height)
  if (!peak) throw new RangeError(`Leaf ${leaf} is not in a range of ${leaves}`)
  return peak
}

function setBits(value: number): number {
  let count = 0
  for (; value !== 0; value &= value - 1) count++
  return count
}
