import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { resolveSealOrTag } from '../../../src-main/engine/history/resolve-seal.ts'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import { sealName } from '../../../src-main/engine/store/seals/seal-name.ts'
import { encodeTag } from '../../../src-main/engine/store/seals/tag.ts'
import { TagRefs } from '../../../src-main/engine/store/seals/tag-refs.ts'
import { mmrOf } from '../store/mmr/some-mmr.ts'

let layout: ProjectLayout
let tags: TagRefs
/** The word for a first byte of 0 is in all names but the last one's. */
const addresses = ['aaaa0001', 'aaaa0002', 'aaaa0003', 'aaaa0004', 'bbbb0005', 'cccc0006'].map((digits, index) =>
  (digits + (index === 5 ? '01' : '00') + '00'.repeat(26) + digits.slice(6)).padEnd(64, '0'),
)
const names = addresses.map(sealName)
const word = names[0]?.split('-')[0] ?? ''

beforeEach(() => {
  layout = projectLayout(mkdtempSync(join(tmpdir(), 'ize-resolve-')))
  mkdirSync(layout.objects)
  mmrOf(addresses, layout.mmr)
  tags = new TagRefs(join(layout.refs, 'tags'))
})
afterEach(() => rmSync(layout.root, { recursive: true }))

const resolve = (text: string): number | null => resolveSealOrTag(layout.root, text)

it('finds a seal by any part of its name, and by its address', () => {
  addresses.forEach((address, index) => {
    expect([resolve(names[index] ?? ''), resolve(address)]).toEqual([index + 1, index + 1])
  })
  expect(resolve('bbbb')).toBe(5)
  expect(resolve(names[5]?.split('-')[0] ?? '')).toBe(6)
})

it('names up to four of the seals that a text fits', () => {
  const failure = (text: string): unknown => {
    try {
      return resolve(text)
    } catch (error) {
      return error
    }
  }
  expect(failure('aaaa')).toMatchObject({
    code: 'E_SEAL_AMBIGUOUS',
    message: `"aaaa" is in the names of several seals (${names.slice(0, 4).reverse().join(', ')}): write more of it.`,
  })
  expect(failure(word)).toMatchObject({
    code: 'E_SEAL_AMBIGUOUS',
    message: expect.stringMatching(/^"[a-z]+" is in the names of several seals \(([^,]+, ){4}…\)/),
  })
})

it('leaves to hashes what is none of its own', () => {
  for (const text of ['AAAA', 'QJSLCEPIFXMN', 'dddd', 'no-word', '0'.repeat(64)]) expect(resolve(text)).toBeNull()
  expect(() => resolve(names[0]?.replace(/\d+$/, 'ffff') ?? '')).toThrow(/^No seal of this project has/)
  rmSync(layout.mmr)
  expect(resolve('bbbb')).toBeNull()
})

it('takes a tag before anything else, and says which is damaged', async () => {
  await tags.create('aaaa', { kind: 'seal', address: addresses[4] ?? '' })
  expect(resolve('aaaa')).toBe(5)
  const store = ObjectStore.open(layout.objects, { write: true })
  const facts = { version: 1, seal: addresses[2] ?? '', name: 'v1', author: 'Ann', time: [1, 2], message: 'x' } as const
  const address = store.putNode('tag', encodeTag({ ...facts, time: [1, 2] }))
  await store.flush()
  store.close()
  await tags.create('v1', { kind: 'tag', address })
  expect(resolve('v1')).toBe(3)

  await tags.create('gone', { kind: 'seal', address: 'f'.repeat(64) })
  expect(() => resolve('gone')).toThrow(/"gone" names a seal that this project does not have/)
  await tags.create('lost', { kind: 'tag', address: 'f'.repeat(64) })
  expect(() => resolve('lost')).toThrow(/missing/)
  writeFileSync(join(layout.refs, 'tags', 'torn'), 'tag ')
  expect(() => resolve('torn')).toThrow(/tag "torn" is damaged/)
})
