import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeHead } from '../../../../src-main/engine/store/seals/head-ref.ts'
import { publicKeyText } from '../../../../src-main/engine/store/seals/keys.ts'
import { makeProof, proofText } from '../../../../src-main/engine/store/seals/proof-document.ts'
import { sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { signedRootText, signRoot } from '../../../../src-main/engine/store/seals/signed-root.ts'
import { encodeTag, tagAddress } from '../../../../src-main/engine/store/seals/tag.ts'
import { TagRefs } from '../../../../src-main/engine/store/seals/tag-refs.ts'
import { mmrOf } from '../mmr/some-mmr.ts'
import { FILE, PATH, PROJECT, treeAddress, treeNodes } from './proof-parts.ts'
import { newFolder, someSeals } from './some-seals.ts'

/** A key whose seed is 32 bytes of 1, in the PKCS #8 form of RFC 8410. */
const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 1)])
const key = createPrivateKey({ key: PKCS8, format: 'der', type: 'pkcs8' })

/** The files of test/fixtures/disk/v1/seals, by name, as today's code writes them. Those there never change. */
export async function fixtureFiles(): Promise<Map<string, Buffer>> {
  const folder = newFolder()
  const nodes = treeNodes()
  const seals = someSeals(12, treeAddress(nodes[0]!))
  const addresses = seals.map(sealAddress)
  const mmr = mmrOf(addresses, join(folder, 'mmr'))
  const newest = addresses[11]!

  await writeHead(join(folder, 'main'), { seal: newest, n: 12, root: mmr.root() }, { durable: true })
  const facts = { version: 1, seal: newest, name: 'v1' } as const
  const tag = encodeTag({ ...facts, author: 'Ada <ada@example.org>', time: [1_764_200_000, 5], message: 'caf\u00e9\n' })
  const tags = new TagRefs(join(folder, 'tags'))
  await tags.create('v1', { kind: 'tag', address: tagAddress(tag) })
  await tags.create('light', { kind: 'seal', address: addresses[0]! })

  const signed = signRoot(key, { project: PROJECT, leaves: 12, root: mmr.root(), time: new Date(1_764_300_000_000) })
  const proof = makeProof({ project: PROJECT, path: PATH, file: FILE, seal: seals[6]!, nodes, mmr, signed })
  const written = ['mmr', 'main', 'tags/v1', 'tags/light'].map(
    (name) => [name, readFileSync(join(folder, name))] as const,
  )
  return new Map([
    ...written,
    // One to a line, though an object has no line end.
    ['seals', Buffer.from(seals.map((seal) => `${seal.toString()}\n`).join(''))],
    ['tag', tag],
    ['root', Buffer.from(`${signedRootText(signed)}\n`)],
    ['key', Buffer.from(`${publicKeyText(key)}\n`)],
    ['proof.json', Buffer.from(proofText(proof))],
  ])
}
