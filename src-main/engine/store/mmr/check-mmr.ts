import type { Mmr } from './mmr.ts'
import { NODE_BYTES, parentHash } from './peak-stack.ts'
import { peaksOf, positionsOf } from './positions.ts'

/** A parent that is not the hash of its children: it is wrong, or one of the two below it is. */
export interface MmrFault {
  readonly position: number
  /** From 1. */
  readonly height: number
  /** The leaves below it. */
  readonly firstLeaf: number
  readonly lastLeaf: number
}

/** So much is read at a time, half a megabyte. */
const LOT = 8192

/**
 * Computes every parent that leaves from `since` on completed from its children as they stand in the file, and tells of
 * those that differ. Leaves are to be compared with the seals, and peaks, which have no parent, with a root kept
 * elsewhere. `progress` gets the number of leaves that are done.
 */
export function* checkMmr(mmr: Mmr, since = 0, progress?: (leaves: number) => void): Generator<MmrFault> {
  // The newest node at each height that still waits for its sibling: at first the peaks of `since`.
  const waiting = new Map<number, Buffer>()
  for (const peak of peaksOf(since)) waiting.set(peak.height, mmr.node(peak))
  for (let from = since; from < mmr.leaves; from += LOT) {
    const to = Math.min(from + LOT, mmr.leaves)
    const first = positionsOf(from)
    const nodes = mmr.readPositions(first, positionsOf(to))
    const nodeAt = (position: number): Buffer =>
      nodes.subarray((position - first) * NODE_BYTES, (position - first + 1) * NODE_BYTES)
    for (let leaf = from; leaf < to; leaf++) {
      let position = positionsOf(leaf)
      let height = 0
      for (let left = waiting.get(0); left; left = waiting.get(height)) {
        waiting.delete(height)
        const expected = parentHash(position + 1, left, nodeAt(position))
        position++
        height++
        if (nodeAt(position).equals(expected)) continue
        yield { position, height, firstLeaf: leaf + 1 - 2 ** height, lastLeaf: leaf }
      }
      waiting.set(height, nodeAt(position))
    }
    progress?.(to)
  }
}
