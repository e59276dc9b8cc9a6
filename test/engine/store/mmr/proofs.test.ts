import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type ConsistencyProof,
  type InclusionProof,
  isConsistent,
  proveConsistency,
  proveInclusion,
  rootFromInclusion,
} from '../../../../src-main/engine/store/mmr/proofs.ts'
import { address, addresses, mmrInMemory, mmrOf } from './some-mmr.ts'

it('shows every leaf at every size up to 300', () => {
  const leaves = addresses(300)
  const nodes = mmrInMemory(leaves)
  for (let count = 1; count <= 300; count++) {
    const { root } = mmrInMemory(leaves.slice(0, count))
    for (let leaf = 0; leaf < count; leaf++) {
      const proof = proveInclusion(nodes, leaf, count)
      if (rootFromInclusion(leaves[leaf]!, proof) !== root) expect.fail(`leaf ${leaf} of ${count}`)
    }
  }
})

it('shows that any size up to 300 continues any smaller one, and nothing else', () => {
  const mmr = mmrInMemory(addresses(300))
  const roots = Array.from({ length: 301 }, (_, leaves) => mmrInMemory(addresses(leaves)).root)
  for (let to = 0; to <= 300; to++) {
    for (let from = 0; from <= to; from++) {
      const proof = proveConsistency(mmr, from, to)
      if (!isConsistent(proof, roots[from]!, roots[to]!)) expect.fail(`${from} to ${to}`)
      if (from < to && isConsistent(proof, roots[to]!, roots[from]!)) expect.fail(`${to} to ${from}`)
      if (from > 0 && isConsistent(proof, roots[from - 1]!, roots[to]!)) expect.fail(`${from} - 1 to ${to}`)
    }
  }
})

it('shows the same of larger ranges with a number of nodes that grows with the logarithm', () => {
  const mmr = mmrOf(addresses(2000))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(), fc.nat(), (to, a, b) => {
      const [from, leaf] = [a % (to + 1), b % to]
      const inclusion = proveInclusion(mmr, leaf, to)
      expect(rootFromInclusion(address(leaf), inclusion)).toBe(mmr.rootAt(to))
      expect(inclusion.path.length + inclusion.peaks.length).toBeLessThanOrEqual(21)
      const consistency = proveConsistency(mmr, from, to)
      expect(isConsistent(consistency, mmr.rootAt(from), mmr.rootAt(to))).toBe(true)
      expect(consistency.peaks.length + consistency.added.length).toBeLessThanOrEqual(31)
    }),
  )
})

it('refuses a proof of inclusion in which anything was changed', () => {
  const mmr = mmrOf(addresses(45))
  const sizes = fc.integer({ min: 1, max: 45 })
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (leaves, a, b, shift) => {
      const leaf = a % leaves
      const proof = proveInclusion(mmr, leaf, leaves)
      const root = mmr.rootAt(leaves)
      const changed: InclusionProof[] = [
        { ...proof, leaf: leaf + shift },
        { ...proof, leaf: leaf - shift },
        { ...proof, leaf: leaf + 0.5 },
        { ...proof, leaves: leaves + shift },
        { ...proof, leaves: leaves - shift },
        { ...proof, leaves: Number.NaN },
        ...lists(proof.path, b).map((path) => ({ ...proof, path })),
        ...lists(proof.peaks, b).map((peaks) => ({ ...proof, peaks })),
      ]
      for (const wrong of changed) expect(rootFromInclusion(address(leaf), wrong)).not.toBe(root)
    }),
  )
})

it('refuses a proof of consistency in which anything was changed', () => {
  const mmr = mmrOf(addresses(45))
  const sizes = fc.integer({ min: 1, max: 45 })
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (to, a, b, shift) => {
      const from = a % (to + 1)
      const proof = proveConsistency(mmr, from, to)
      const changed: ConsistencyProof[] = [
        { ...proof, from: from + shift },
        { ...proof, from: from - shift },
        { ...proof, to: to + shift },
        { ...proof, to: to - shift },
        { ...proof, to: Number.POSITIVE_INFINITY },
        ...lists(proof.peaks, b).map((peaks) => ({ ...proof, peaks })),
        ...lists(proof.added, b).map((added) => ({ ...proof, added })),
      ]
      for (const wrong of changed) expect(isConsistent(wrong, mmr.rootAt(from), mmr.rootAt(to))).toBe(false)
    }),
  )
})

it('does not show a past that was rewritten, moved or dropped, the newest leaf included', () => {
  const then = mmrOf(addresses(37))
  const leaf = fc.integer({ min: 0, max: 36 })
  fc.assert(
    fc.property(leaf, leaf, fc.integer({ min: 0, max: 30 }), (a, b, more) => {
      const rewritten = addresses(37).with(a, address(1000))
      const dropped = addresses(37).toSpliced(a, 1)
      const moved = addresses(37).with(a, address(b)).with(b, address(a))
      for (const past of [rewritten, dropped, ...(a === b ? [] : [moved])]) {
        const now = mmrOf([...past, ...addresses(more, 100)])
        expect(now.leaves >= 37 ? now.rootAt(37) : '').not.toBe(then.root())
        if (now.leaves < 37) continue
        expect(isConsistent(proveConsistency(now, 37), then.root(), now.root())).toBe(false)
      }
    }),
    { numRuns: 60 },
  )
})

it('proves nothing about leaves that are not there', () => {
  const mmr = mmrOf(addresses(5))
  expect(() => proveInclusion(mmr, 5)).toThrow(RangeError)
  expect(() => proveInclusion(mmr, 0, 6)).toThrow(RangeError)
  expect(() => proveConsistency(mmr, 6)).toThrow(RangeError)
})

/** A list with one node flipped, dropped, doubled, in upper case, and the list reversed, where that is another one. */
function lists(nodes: readonly string[], at: number): string[][] {
  if (nodes.length === 0) return [[address(0)]]
  const index = at % nodes.length
  const node = nodes[index]!
  const flipped = node.slice(0, at % 64) + (node[at % 64] === '0' ? '1' : '0') + node.slice((at % 64) + 1)
  const changed = [
    nodes.with(index, flipped),
    nodes.toSpliced(index, 1),
    nodes.toSpliced(index, 0, node),
    nodes.with(index, ''),
  ]
  return nodes.length > 1 ? [...changed, nodes.toReversed()] : changed
}
