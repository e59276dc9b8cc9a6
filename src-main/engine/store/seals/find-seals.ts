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

/** The seals that a part of a name fits, newest first, at most `limit`. The range lists them all, so nothing else is read. */
export function findSeals(range: Mmr, query: SealNameQuery, limit: number): FoundSeal[] {
  const found: FoundSeal[] = []
  for (let end = range.leaves; end > 0 && found.length < limit;) {
    const start = Math.floor((end - 1) / LOT) * LOT
    const first = positionsOf(start)
    const nodes = range.readPositions(first, positionsOf(end))
    for (let index = end - 1; index >= start && found.length < limit; index--) {
      const at = (positionsOf(index) - first) * NODE_BYTES
      const address = nodes.toString('hex', at, at + NODE_BYTES)
      if (query.hexPrefix !== undefined && !address.startsWith(query.hexPrefix)) continue
      const name = sealName(address)
      if (matchesSealName(query, name)) found.push({ n: index + 1, address, name })
    }
    end = start
  }
  return found
}
