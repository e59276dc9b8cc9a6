import { open, readFile } from 'node:fs/promises'
import { IzeError } from '../../ize-error.ts'
import { contentAddress } from '../../sys/native.ts'
import { Trees } from '../tree/tree.ts'
import { checkProof, type FindFile, type ProofCheck, type ProvenFile } from './check-proof.ts'
import { readProof } from './proof-document.ts'
import { appendRoot, readSignedRoot } from './signed-root.ts'

// What needs neither engine nor project. The command line runs it in its own process, and imports nothing else of the
// engine (.dependency-cruiser.cjs): a check of what the engine says should not ask the engine.

export type { ProofCheck, ProofStep } from './check-proof.ts'

/** The file at a path, by the nodes of a tree. */
export const findFile: FindFile = (get, root, path) => {
  const state = new Trees({ get, put: refuse }).lookup(root, path)?.state
  return state?.object === undefined ? null : { object: state.object, size: state.size ?? 0 }
}

/** Checks a proof, in one file, for another. Errors: E_PROOF_FORMAT, E_SOURCE_MISSING, those of reading. */
export async function checkProofFile(
  proof: string,
  file: string,
  trusted: { readonly root?: string | undefined; readonly key?: string | undefined },
): Promise<ProofCheck> {
  const text = await readFile(proof, 'utf8').catch((error: unknown) => missing(proof, error))
  return checkProof(readProof(text), { file: await fileAt(file), find: findFile, ...trusted })
}

/** Adds the line of a signed root to a file of roots. */
export async function appendRootLine(file: string, line: string): Promise<void> {
  const root = readSignedRoot(line)
  if (!root) throw new Error('The engine gave no signed root')
  await appendRoot(file, root)
}

async function fileAt(path: string): Promise<ProvenFile> {
  const handle = await open(path, 'r').catch((error: unknown) => missing(path, error))
  try {
    const { size } = await handle.stat()
    return { object: contentAddress(Float64Array.from(size === 0 ? [] : [handle.fd, 0, size])), size }
  } finally {
    await handle.close()
  }
}

function missing(path: string, error: unknown): never {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
  throw new IzeError('E_SOURCE_MISSING', `There is no file ${path}.`, { path })
}

function refuse(): never {
  throw new Error('A proof is only read')
}
