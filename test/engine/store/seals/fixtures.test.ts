import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { checkMmr } from '../../../../src-main/engine/store/mmr/check-mmr.ts'
import { Mmr } from '../../../../src-main/engine/store/mmr/mmr.ts'
import { checkProof } from '../../../../src-main/engine/store/seals/check-proof.ts'
import { readHead } from '../../../../src-main/engine/store/seals/head-ref.ts'
import { findFile } from '../../../../src-main/engine/store/seals/offline.ts'
import { readProof } from '../../../../src-main/engine/store/seals/proof-document.ts'
import { decodeSeal, sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { sealName } from '../../../../src-main/engine/store/seals/seal-name.ts'
import { readRoots, verifyRoot } from '../../../../src-main/engine/store/seals/signed-root.ts'
import { decodeTag, tagAddress } from '../../../../src-main/engine/store/seals/tag.ts'
import { TagRefs } from '../../../../src-main/engine/store/seals/tag-refs.ts'
import { fixtureFiles } from './fixture-seals.ts'
import { FILE } from './proof-parts.ts'

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/disk/v1/seals/${name}`, import.meta.url))
const seals = readFileSync(fixture('seals'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => Buffer.from(line))
const addresses = seals.map(sealAddress)
const ROOT = 'f782f6c608c377e4edb1332501eef9d509560c5e84b6b111513f84cbf6468c57'

it('seals, range, head and tags of version 1 open, and fit each other', async () => {
  expect(seals.map((bytes) => decodeSeal(bytes).n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(seals.slice(1).map((bytes) => decodeSeal(bytes).parents)).toEqual(addresses.slice(0, -1).map((seal) => [seal]))
  expect(sealName(addresses[11]!)).toBe('kind-jay-parks-roundly-db820152')

  const mmr = Mmr.open(fixture('mmr'), 'read')
  expect(addresses.map((_, index) => mmr.leaf(index))).toEqual(addresses)
  expect([...checkMmr(mmr)]).toEqual([])
  expect([mmr.leaves, mmr.root()]).toEqual([12, ROOT])
  mmr.close()
  expect(await readHead(fixture('main'))).toEqual({ seal: addresses[11], n: 12, root: ROOT })

  const tag = readFileSync(fixture('tag'))
  expect(decodeTag(tag)).toMatchObject({ name: 'v1', seal: addresses[11], time: [1_764_200_000, 5] })
  expect(await new TagRefs(fixture('tags')).list()).toEqual([
    { name: 'light', kind: 'seal', address: addresses[0] },
    { name: 'v1', kind: 'tag', address: tagAddress(tag) },
  ])
})

it('a signed root and a proof of version 1 are still good', async () => {
  const [root] = await readRoots(fixture('root'))
  expect(root).toMatchObject({ leaves: 12, root: ROOT })
  expect(root && verifyRoot(root)).toEqual({ ok: true })

  const proof = readProof(readFileSync(fixture('proof.json'), 'utf8'))
  const key = readFileSync(fixture('key'), 'utf8').trimEnd()
  const check = checkProof(proof, { file: FILE, find: findFile, root: ROOT, key })
  expect(check).toMatchObject({ ok: true })
  expect(check.steps.every(({ shown }) => shown)).toBe(true)
})

it('all of them are written today as they were', async () => {
  for (const [name, bytes] of await fixtureFiles()) {
    expect([name, readFileSync(fixture(name)).toString('latin1')]).toEqual([name, bytes.toString('latin1')])
  }
})
