import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkMmr } from '../../../../src-main/engine/store/mmr/check-mmr.ts'
import { Mmr } from '../../../../src-main/engine/store/mmr/mmr.ts'
import { positionsOf } from '../../../../src-main/engine/store/mmr/positions.ts'
import { address, addresses, mmrOf, newFile } from './some-mmr.ts'

it('is the same range whether leaves come one by one or at once, in one process or in several', () => {
  const all = mmrOf(addresses(100))
  const file = newFile()
  const single = mmrOf([], file)
  for (const leaf of addresses(60)) single.append([leaf])
  const again = mmrOf(addresses(40, 60), file)
  expect(again.leaves).toBe(100)
  expect(again.root()).toBe(all.root())
  expect(again.rootAt(60)).toBe(single.root())
  expect([0, 1, 59, 60, 99].map((index) => again.leaf(index))).toEqual([0, 1, 59, 60, 99].map(address))
})

it('has another root for every number of leaves', () => {
  const mmr = mmrOf(addresses(200))
  expect(new Set(Array.from({ length: 201 }, (_, leaves) => mmr.rootAt(leaves))).size).toBe(201)
})

it('is what it was after leaves were cut off', () => {
  const file = newFile()
  const mmr = mmrOf(addresses(77), file)
  mmr.truncate(42)
  expect(mmr.root()).toBe(mmrOf(addresses(42)).root())
  expect(statSync(file).size).toBe(32 * positionsOf(42))
  mmr.append(addresses(35, 42))
  expect(mmr.root()).toBe(mmrOf(addresses(77)).root())
  expect(() => mmr.truncate(78)).toThrow(RangeError)
})

it('loses a leaf that was written in part, wherever the write was torn', () => {
  const whole = newFile()
  mmrOf(addresses(8), whole)
  const bytes = readFileSync(whole)
  for (let size = 0; size <= bytes.length; size += 8) {
    const file = newFile()
    writeFileSync(file, bytes.subarray(0, size))
    const reader = Mmr.open(file, 'read')
    expect(statSync(file).size).toBe(size)
    const leaves = reader.leaves
    reader.close()
    const mmr = mmrOf(addresses(8 - leaves, leaves), file)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(mmr.leaves).toBe(8)
  }
})

it('refuses what is no address, and leaves nothing of it behind', () => {
  const file = newFile()
  const mmr = mmrOf(addresses(3), file)
  expect(() => mmr.append([address(3), 'ABC'])).toThrow(TypeError)
  expect(mmr.leaves).toBe(3)
  expect(statSync(file).size).toBe(32 * positionsOf(3))
})

it('names the place when the file became shorter under it', () => {
  const file = newFile()
  const mmr = mmrOf(addresses(9), file)
  truncateSync(file, 100)
  expect(() => mmr.leaf(8)).toThrow(expect.objectContaining({ code: 'E_MMR_DAMAGED' }) as Error)
})

it('reads no file that is missing', () => {
  expect(() => Mmr.open(newFile(), 'read')).toThrow(/ENOENT/)
})

it('finds every node that was changed, but for a peak, which only a root shows', () => {
  const file = newFile()
  const mmr = mmrOf(addresses(13), file)
  const bytes = readFileSync(file)
  const root = mmr.root()
  expect([...checkMmr(mmr)]).toEqual([])
  for (let position = 0; position < positionsOf(13); position++) {
    const damaged = Buffer.from(bytes)
    damaged[position * 32 + 7]! ^= 1
    writeFileSync(file, damaged)
    const reader = Mmr.open(file, 'read')
    const faults = [...checkMmr(reader)]
    expect(faults.length > 0 || reader.root() !== root).toBe(true)
    expect(faults.length).toBeLessThanOrEqual(2)
    reader.close()
  }
})

it('says which leaves lie below a wrong parent', () => {
  const file = newFile()
  mmrOf(addresses(8), file)
  const bytes = readFileSync(file)
  bytes[32 * 12]! ^= 0x80
  writeFileSync(file, bytes)
  const reader = mmrOf([], file)
  expect([...checkMmr(reader)]).toEqual([
    { position: 12, height: 1, firstLeaf: 6, lastLeaf: 7 },
    { position: 13, height: 2, firstLeaf: 4, lastLeaf: 7 },
  ])
})

it('checks on from any leaf, over more than it reads at a time', () => {
  const file = newFile()
  const mmr = mmrOf(addresses(20_001), file)
  for (const since of [0, 1, 8191, 8192, 12_345, 20_001]) {
    const told: number[] = []
    expect([...checkMmr(mmr, since, (leaves) => told.push(leaves))]).toEqual([])
    expect(told.at(-1)).toBe(since === 20_001 ? undefined : 20_001)
  }
  appendFileSync(file, 'torn')
  const bytes = readFileSync(file)
  bytes[positionsOf(16_384) * 32 - 1]! ^= 1
  writeFileSync(file, bytes)
  expect([...checkMmr(mmr, 16_383)]).toEqual([{ position: 32_766, height: 14, firstLeaf: 0, lastLeaf: 16_383 }])
  expect([...checkMmr(mmr, 16_384)]).toEqual([])
})
