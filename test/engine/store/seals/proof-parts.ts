import type { KeyObject } from 'node:crypto'
import type { FindFile, ProvenFile } from '../../../../src-main/engine/store/seals/check-proof.ts'
import { makeProof, type Proof } from '../../../../src-main/engine/store/seals/proof-document.ts'
import { sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { signRoot } from '../../../../src-main/engine/store/seals/signed-root.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'
import { mmrInMemory } from '../mmr/some-mmr.ts'
import { someSeals } from './some-seals.ts'

export const PROJECT = '01234567-89ab-4def-8123-456789abcdef'
/** Not all of it is UTF-8. */
export const PATH = 'docs/caf\xc3\xa9 \xff.txt'
export const FILE: ProvenFile = fileOf(Buffer.from('what was written then\n'))

export function fileOf(bytes: Uint8Array): ProvenFile {
  return { object: hashBytes(bytes, 'ize 2026-11 blob v1'), size: bytes.length }
}

// A tree that is as simple as can be: a node is JSON, { name: address of a node | file }. All that proofs ask of a tree
// is in these three functions.
type Node = Record<string, string | ProvenFile>

export const findFile: FindFile = (get, root, path) => {
  let at: string | ProvenFile | undefined = root
  for (const name of path.split('/')) {
    if (typeof at !== 'string') return null
    at = (JSON.parse(get(at).toString()) as Node)[name]
  }
  return typeof at === 'object' ? at : null
}

export function treeAddress(bytes: Uint8Array): string {
  return hashBytes(bytes, 'ize 2026-11 tree v1')
}

/** The nodes on the way to PATH, the root first. */
export function treeNodes(file = FILE): Buffer[] {
  const [directory, name] = PATH.split('/') as [string, string]
  const below = Buffer.from(JSON.stringify({ 'another.txt': fileOf(Buffer.from('x')), [name]: file }))
  return [Buffer.from(JSON.stringify({ [directory]: treeAddress(below) })), below]
}

/** A proof that seal 6 of 11 holds FILE at PATH, with the root signed when there is a key. */
export function someProof(key?: KeyObject): Proof {
  const nodes = treeNodes()
  const seals = someSeals(11, treeAddress(nodes[0]!))
  const mmr = mmrInMemory(seals.map(sealAddress))
  const facts = { project: PROJECT, leaves: mmr.leaves, root: mmr.root, time: new Date(1_764_100_000_000) }
  return makeProof({
    ...{ project: PROJECT, path: PATH, file: FILE, seal: seals[5]!, nodes, mmr },
    ...(key ? { signed: signRoot(key, facts) } : {}),
  })
}
