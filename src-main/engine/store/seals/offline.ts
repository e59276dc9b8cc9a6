import { open, readFile } from 'node:fs/promises'
import { IzeError } from '../../ize-error.ts'
import { contentAddress } from '../../sys/native.ts'
import { Trees } from '../tree/tree.ts'
import { checkProof, type FindFile, type ProofCheck, type ProvenFile } from './check-proof.ts'
import { keepRoot, keptRoots } from './kept-roots.ts'
import { namedPublicKey, ownPublicKey } from './keys.ts'
import { readProof } from './proof-document.ts'
import { notByGivenKey, type RootLines, sortRoots } from './root-lines.ts'
import { ROOT_PLACE_FORM, type RootPlace, rootPlaceOf, rootPlaceText } from './root-place.ts'
import { readSignedRoot } from './signed-root.ts'

// What needs neither engine nor project. The command line runs it in its own process, and imports nothing else of the
// engine (.dependency-cruiser.cjs): a check of what the engine says should not ask the engine.

export type { ProofCheck, ProofStep } from './check-proof.ts'
export type { RootLines, Signer } from './root-lines.ts'

/** The file at a path, by the nodes of a tree. */
export const findFile: FindFile = (get, root, path) => {
  const state = new Trees({ get, put: refuse }).lookup(root, path)?.state
  return state?.object === undefined ? null : { object: state.object, size: state.size ?? 0 }
}

/** Checks a proof, in one file, for another; `key` or the name of a file that holds it. Errors: E_PROOF_FORMAT, E_SOURCE_MISSING, E_KEY, those of reading. */
export async function checkProofFile(
  proof: string,
  file: string,
  trusted: { readonly root?: string | undefined; readonly key?: string | undefined },
): Promise<ProofCheck> {
  const text = await readFile(proof, 'utf8').catch((error: unknown) => missing(proof, error))
  const key = trusted.key === undefined ? undefined : await namedPublicKey(trusted.key)
  const own = key === undefined ? ((await ownPublicKey()) ?? undefined) : undefined
  return checkProof(readProof(text), { file: await fileAt(file), find: findFile, root: trusted.root, key, own })
}

/** Adds the line of a signed root to a place for roots. Errors: E_ARGUMENT, E_ROOT_PLACE. */
export async function keepRootLine(place: string, line: string): Promise<void> {
  const root = readSignedRoot(line)
  if (!root) throw new Error('The engine gave no signed root')
  await keepRoot(placeNamed(place), root)
}

/** What the roots of a place are to a project (its uuid), and why not all are by the given key, if one is. */
export async function readRootLines(
  named: string,
  project: string,
  key: string | undefined,
): Promise<RootLines & { readonly fault: IzeError | null }> {
  const place = placeNamed(named)
  const given = key === undefined ? null : await namedPublicKey(key)
  const roots = sortRoots(await keptRoots(place), rootPlaceText(place), { project, given, own: await ownPublicKey() })
  return { ...roots, fault: given === null ? null : notByGivenKey(roots, given) }
}

function placeNamed(text: string): RootPlace {
  const place = rootPlaceOf(text, process.cwd())
  if (place) return place
  throw new IzeError('E_ARGUMENT', `"${text}" is no place for roots; it must be ${ROOT_PLACE_FORM}.`)
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
