import type { Mmr } from '../mmr/mmr.ts'
import { NODE_BYTES } from '../mmr/peak-stack.ts'
import { positionsOf } from '../mmr/positions.ts'
import { matchesSealName, sealName, type SealNameQuery } from './seal-name.ts'

export interface FoundSeal {
  /** From 1. */
  readonly n: number
  readonly address: string
  readonly name: string
}

/** Leaves read at a time. */
const LOT = 4096

/** The number (from 1) of each seal with one of these addresses, by one walk through the range. */
export function numberSeals(range: Mmr, addresses: ReadonlySet<string>): Map<string, number> {
  const numbers = new Map<string, number>()
  for (const { index, address } of leavesOf(range)) {
    if (numbers.size === addresses.size) break
    if (addresses.has(address)) numbers.set(address, index + 1)
  }
  return numbers
}

/** The seals that a part of a name fits, newest first, at most `limit`. The range lists them all, so nothing else is read. */
export function findSeals(range: Mmr, query: SealNameQuery, limit: number): FoundSeal[] {
  const found: FoundSeal[] = []
  for (const { index, address } of leavesOf(range)) {
    if (found.length >= limit) break
    if (query.hexPrefix !== undefined && !address.startsWith(query.hexPrefix)) continue
    const name = sealName(address)
    if (matchesSealName(query, name)) found.push({ n: index + 1, address, name })
  }
  return found
}

/** Newest first. */
function* leavesOf(range: Mmr): Generator<{ readonly index: number; readonly address: string }> {
  for (let end = range.leaves; end > 0;) {
    const start = Math.floor((end - 1) / LOT) * LOT
    const first = positionsOf(start)
    const nodes = range.readPositions(first, positionsOf(end))
    for (let index = end - 1; index >= start; index--) {
      const at = (positionsOf(index) - first) * NODE_BYTES
      yield { index, address: nodes.toString('hex', at, at + NODE_BYTES) }
    }
    end = start
  }
}
