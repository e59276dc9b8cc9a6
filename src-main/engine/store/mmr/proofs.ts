import type { MmrNodes } from './mmr.ts'
import { parentHash, PeakStack, rootHash } from './peak-stack.ts'
import { MAX_LEAVES, peakOver, peaksOf, positionOf, subtreesBetween, type Subtree } from './positions.ts'

/** That a leaf is in a range of so many leaves. Nodes are 64 hex digits. */
export interface InclusionProof {
  /** From 0. */
  readonly leaf: number
  readonly leaves: number
  /** The siblings on the way from the leaf up to its peak. */
  readonly path: readonly string[]
  /** The other peaks, left to right. */
  readonly peaks: readonly string[]
}

/** That a range of `to` leaves continues the one of its first `from` leaves. */
export interface ConsistencyProof {
  readonly from: number
  readonly to: number
  /** The peaks of the older range, left to right. */
  readonly peaks: readonly string[]
  /** The roots of the trees that continue it, in the order of `subtreesBetween`. */
  readonly added: readonly string[]
}

const NODE = /^[0-9a-f]{64}$/

/** In a range of so many leaves, all of them unless said otherwise: an older root wants an older number. */
export function proveInclusion(nodes: MmrNodes, leaf: number, leaves = nodes.leaves): InclusionProof {
  expectWithin(leaves, nodes.leaves)
  const peak = peakOver(leaf, leaves)
  return {
    leaf,
    leaves,
    path: siblings(leaf, peak.height).map((subtree) => nodes.node(subtree).toString('hex')),
    peaks: peaksOf(leaves)
      .filter(({ start }) => start !== peak.start)
      .map((subtree) => nodes.node(subtree).toString('hex')),
  }
}

/** The root that follows from a leaf and its proof; null when the proof has not the shape that its numbers ask for. */
export function rootFromInclusion(address: string, proof: InclusionProof): string | null {
  const { leaf, leaves, path, peaks } = proof
  if (!isCount(leaves) || !Number.isSafeInteger(leaf) || leaf < 0 || leaf >= leaves) return null
  const under = peakOver(leaf, leaves)
  const all = peaksOf(leaves)
  if (path.length !== under.height || peaks.length !== all.length - 1) return null
  if (![address, ...path, ...peaks].every((node) => NODE.test(node))) return null

  let hash: Buffer = Buffer.from(address, 'hex')
  siblings(leaf, under.height).forEach((sibling, height) => {
    const node = Buffer.from(path[height]!, 'hex')
    const start = Math.min(sibling.start, leaf - (leaf % 2 ** height))
    const position = positionOf({ height: height + 1, start })
    hash = sibling.start === start ? parentHash(position, node, hash) : parentHash(position, hash, node)
  })
  const hashes: Buffer[] = peaks.map((peak) => Buffer.from(peak, 'hex'))
  const place = all.findIndex(({ start }) => start === under.start)
  return rootHash(leaves, hashes.toSpliced(place, 0, hash))
}

export function proveConsistency(nodes: MmrNodes, from: number, to = nodes.leaves): ConsistencyProof {
  expectWithin(to, nodes.leaves)
  expectWithin(from, to)
  const hex = (subtree: Subtree): string => nodes.node(subtree).toString('hex')
  return { from, to, peaks: peaksOf(from).map(hex), added: subtreesBetween(from, to).map(hex) }
}

/** Whether the range with the root `newer` continues the one with the root `older`: nothing rewritten, moved or dropped. */
export function isConsistent(proof: ConsistencyProof, older: string, newer: string): boolean {
  const { from, to, peaks, added } = proof
  if (!isCount(from) || !isCount(to) || from > to) return false
  const below = peaksOf(from)
  const continued = subtreesBetween(from, to)
  if (peaks.length !== below.length || added.length !== continued.length) return false
  if (![...peaks, ...added].every((node) => NODE.test(node))) return false

  const stack = PeakStack.empty()
  below.forEach(({ height }, index) => stack.push(height, Buffer.from(peaks[index]!, 'hex')))
  if (stack.root() !== older) return false
  continued.forEach(({ height }, index) => stack.push(height, Buffer.from(added[index]!, 'hex')))
  return stack.root() === newer
}

/** The siblings of a leaf's subtrees of the heights 0 to `height` - 1. */
function siblings(leaf: number, height: number): Subtree[] {
  return Array.from({ length: height }, (_, level) => {
    const span = 2 ** level
    const index = Math.floor(leaf / span)
    return { height: level, start: (index % 2 === 0 ? index + 1 : index - 1) * span }
  })
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value <= MAX_LEAVES
}

function expectWithin(leaves: number, limit: number): void {
  if (!isCount(leaves) || leaves > limit) throw new RangeError(`There are ${limit} leaves, not ${leaves}`)
}
