import type { KeyObject } from 'node:crypto'
import type { ProvenFile } from '../../../../src-main/engine/store/seals/check-proof.ts'
import { makeProof, type Proof } from '../../../../src-main/engine/store/seals/proof-document.ts'
import { sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { signRoot } from '../../../../src-main/engine/store/seals/signed-root.ts'
import type { PresentState } from '../../../../src-main/engine/store/tree/directory-entry.ts'
import { nodesFrom, TREE_CONTEXT } from '../../../../src-main/engine/store/tree/node-store.ts'
import { Trees } from '../../../../src-main/engine/store/tree/tree.ts'
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

export function treeAddress(bytes: Uint8Array): string {
  return hashBytes(bytes, TREE_CONTEXT)
}

/** The nodes on the way to PATH in a tree that has more than that, the root first. */
export function treeNodes(file = FILE): Buffer[] {
  const trees = new Trees(nodesFrom([]))
  const root = trees.edit(trees.empty(), [
    { kind: 'set', path: PATH, state: stateOf(file, 3) },
    { kind: 'set', path: 'docs/another.txt', state: stateOf(fileOf(Buffer.from('x')), 4) },
  ])
  return trees.nodesOfPath(root, PATH)
}

function stateOf({ object, size }: ProvenFile, ino: number): PresentState {
  const mtime: [number, number] = [1_764_000_000, 5]
  return { type: 'file', present: true, ino, mode: 0o640, uid: 1000, gid: 1000, mtime, object, size, text: true }
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
