import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  leavesWithin,
  MAX_LEAVES,
  peakOver,
  peaksOf,
  positionOf,
  positionsOf,
  subtreesBetween,
} from '../../../../src-main/engine/store/mmr/positions.ts'

const counts = fc.integer({ min: 0, max: MAX_LEAVES })

it('numbers nodes in post-order', () => {
  expect([0, 1, 2, 3, 4, 5, 6].map(positionsOf)).toEqual([0, 1, 3, 4, 7, 8, 10])
  expect(peaksOf(7).map(positionOf)).toEqual([6, 9, 10])
  expect(positionsOf(MAX_LEAVES)).toBe(2 ** 31 - 1)
})

it('finds the most leaves that fit', () => {
  for (let positions = 0, leaves = 0; positions < 1000; positions++) {
    if (positionsOf(leaves + 1) === positions) leaves++
    expect(leavesWithin(positions)).toBe(leaves)
  }
  fc.assert(fc.property(counts, (leaves) => leavesWithin(positionsOf(leaves)) === leaves))
  expect(leavesWithin(2 ** 40)).toBe(MAX_LEAVES)
})

it('continues any range to any other by aligned trees that leave no gap', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const subtrees = subtreesBetween(from, to)
      let start = from
      for (const subtree of subtrees) {
        expect(subtree.start).toBe(start)
        expect(start % 2 ** subtree.height).toBe(0)
        start += 2 ** subtree.height
      }
      expect(start).toBe(to)
      expect(subtrees.length).toBeLessThanOrEqual(60)
    }),
  )
})

it('knows the peak over each leaf', () => {
  expect([0, 3, 4, 5, 6].map((leaf) => positionOf(peakOver(leaf, 7)))).toEqual([6, 6, 9, 9, 10])
  expect(() => peakOver(7, 7)).toThrow(RangeError)
})
