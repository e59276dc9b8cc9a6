import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Mmr } from '../../../../src-main/engine/store/mmr/mmr.ts'
import { findSeals } from '../../../../src-main/engine/store/seals/find-seals.ts'
import { parseSealName, sealName } from '../../../../src-main/engine/store/seals/seal-name.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'

const SEALS = 5000
const addresses = Array.from({ length: SEALS }, (_, i) => hashBytes(Buffer.from(String(i)), 'test'))
let directory: string
let range: Mmr
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ize-find-seals-'))
  range = Mmr.open(join(directory, 'mmr'), 'append')
  range.append(addresses)
})
afterEach(() => {
  range.close()
  rmSync(directory, { recursive: true })
})

it('finds each seal by its whole name, at both ends of what is read at a time too', () => {
  for (const index of [0, 1, 4095, 4096, 4097, SEALS - 1]) {
    const address = addresses[index] as string
    const found = findSeals(range, parseSealName(sealName(address)), 2)
    expect(found).toEqual([{ n: index + 1, address, name: sealName(address) }])
  }
})

it('finds all that a word fits, newest first, and no more than asked for', () => {
  const word = sealName(addresses[77] as string).split('-')[1] as string
  const expected = addresses
    .flatMap((address, i) => (sealName(address).split('-')[1] === word ? [i + 1] : []))
    .reverse()
  expect(expected.length).toBeGreaterThan(2)
  expect(findSeals(range, parseSealName(word), SEALS).map(({ n }) => n)).toEqual(expected)
  expect(findSeals(range, parseSealName(word), 2).map(({ n }) => n)).toEqual(expected.slice(0, 2))
})

it('finds nothing in an empty range', () => {
  const empty = Mmr.open(join(directory, 'empty'), 'append')
  expect(findSeals(empty, { words: [] }, 10)).toEqual([])
  empty.close()
})
