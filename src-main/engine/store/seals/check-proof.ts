import { textToPath } from '../../../../src-preload/path-text.ts'
import { IzeError } from '../../ize-error.ts'
import { hashBytes } from '../../sys/native.ts'
import { rootFromInclusion } from '../mmr/proofs.ts'
import { TREE_CONTEXT } from '../tree/node-store.ts'
import type { Proof } from './proof-document.ts'
import { decodeSeal, type Seal, sealAddress } from './seal.ts'
import { sealName } from './seal-name.ts'
import { verifyRoot } from './signed-root.ts'

/** Address and bytes of a content. */
export interface ProvenFile {
  readonly object: string
  readonly size: number
}

/** The file at a path (one char per byte) in a tree whose nodes `get` gives by address; null: there is no file. */
export type FindFile = (get: (address: string) => Buffer, root: string, path: string) => ProvenFile | null

export interface ProofStep {
  readonly name: 'file' | 'forgotten' | 'tree' | 'seal' | 'range' | 'root' | 'signature' | 'anchor'
  /** False: it was looked at as far as could be, and does not show what one may think it does. */
  readonly shown: boolean
  /** One sentence. */
  readonly text: string
}

/** `steps` of a proof that is wrong are those before `fault`, whose code is E_PROOF_ and what was wrong. */
export type ProofCheck =
  | { readonly ok: true; readonly steps: readonly ProofStep[] }
  | { readonly ok: false; readonly steps: readonly ProofStep[]; readonly fault: IzeError }

export interface ProofGiven {
  /** What the file at hand is. */
  readonly file: ProvenFile
  readonly find: FindFile
  /** A root (64 hex digits) that was kept elsewhere. */
  readonly root?: string | undefined
  /** A public key (keys.ts) that is trusted. */
  readonly key?: string | undefined
  /** That of whoever checks, which is trusted where none is given. */
  readonly own?: string | undefined
}

/** Checks a proof with nothing but what is given: no project, no network. */
export function checkProof(proof: Proof, given: ProofGiven): ProofCheck {
  const steps: ProofStep[] = []
  try {
    for (const step of stepsOf(proof, given)) steps.push(step)
    return { ok: true, steps }
  } catch (fault) {
    if (fault instanceof IzeError) return { ok: false, steps, fault }
    throw fault
  }
}

function* stepsOf(proof: Proof, given: ProofGiven): Generator<ProofStep> {
  const seal = readSeal(proof)
  yield checkFile(proof, given.file)
  if (proof.forgotten) {
    yield {
      name: 'forgotten',
      shown: false,
      text: 'The project has forgotten this content: it was removed for good, and only its address, which the proof is about, was kept.',
    }
  }
  yield checkTree(proof, seal, given.find)
  yield checkNumber(proof, seal)
  yield checkRange(proof)
  if (given.root !== undefined) yield checkRoot(proof, given.root)
  if (proof.signed || given.key !== undefined) yield checkSignature(proof, given)
  if (given.root !== undefined || given.key !== undefined || isOwn(proof, given)) return
  yield {
    name: 'anchor',
    shown: false,
    text: 'Only that the proof is consistent in itself was shown: without --root or --key, whoever made it may have made up all of it.',
  }
}

function checkFile({ file }: Proof, given: ProvenFile): ProofStep {
  if (file.object !== given.object || file.size !== given.size) {
    throw wrong(
      'FILE',
      `The proof is about another file: its content has ${content(file)}, this one ${content(given)}.`,
    )
  }
  return { name: 'file', shown: true, text: `The file is the one of the proof: it has ${content(file)}.` }
}

function checkTree({ path, file, nodes }: Proof, { tree }: Seal, find: FindFile): ProofStep {
  const bytes = nodes.map((node) => Buffer.from(node, 'base64'))
  const known = new Map(bytes.map((node) => [hashBytes(node, TREE_CONTEXT), node]))
  const read = new Set<string>()
  const get = (address: string): Buffer => {
    const node = known.get(address)
    if (!node) throw wrong('TREE', `The node ${address} of the seal's tree is not in the proof, or was changed in it.`)
    read.add(address)
    return node
  }
  const found = lookUp(() => find(get, tree, textToPath(path)))
  if (!found) throw wrong('TREE', `The seal's tree has no file at "${path}".`)
  if (found.object !== file.object || found.size !== file.size) {
    throw wrong('TREE', `The seal's tree has another content at "${path}": it has ${content(found)}.`)
  }
  if (read.size !== nodes.length) throw wrong('TREE', 'The proof holds nodes that the path does not lead over.')
  return { name: 'tree', shown: true, text: `The tree ${tree} has that content at "${path}".` }
}

/** A forged seal may name nodes that are none, which fail in many ways. */
function lookUp(find: () => ProvenFile | null): ProvenFile | null {
  try {
    return find()
  } catch (cause) {
    if (cause instanceof IzeError && cause.code === 'E_PROOF_TREE') throw cause
    throw wrong('TREE', "The nodes of the seal's tree in the proof cannot be read.", cause)
  }
}

function readSeal({ seal }: Proof): Seal {
  try {
    return decodeSeal(Buffer.from(seal))
  } catch (cause) {
    throw wrong('SEAL', 'The seal in the proof is none, or was changed in it.', cause)
  }
}

function checkNumber({ seal: text, mmr }: Proof, { n, time, author }: Seal): ProofStep {
  if (n !== mmr.leaf + 1) {
    throw wrong('SEAL', `The seal is number ${n}, but the proof shows the place of number ${mmr.leaf + 1}.`)
  }
  const name = sealName(sealAddress(Buffer.from(text)))
  const moment = new Date(time[0] * 1000)
  const when = Number.isNaN(moment.getTime()) ? '' : ` of ${moment.toISOString()}`
  return { name: 'seal', shown: true, text: `The seal ${name}${when} by ${author}, number ${n}, has that tree.` }
}

function checkRange({ seal, mmr }: Proof): ProofStep {
  if (rootFromInclusion(sealAddress(Buffer.from(seal)), mmr) !== mmr.root) {
    throw wrong('RANGE', `The seal is not number ${mmr.leaf + 1} of ${mmr.leaves} under the root ${mmr.root}.`)
  }
  return {
    name: 'range',
    shown: true,
    text: `The seal is number ${mmr.leaf + 1} of ${mmr.leaves} under the root ${mmr.root}.`,
  }
}

function checkRoot({ mmr }: Proof, root: string): ProofStep {
  if (root.toLowerCase() !== mmr.root) {
    throw wrong(
      'ROOT',
      `The proof leads to the root ${mmr.root} over ${mmr.leaves} seals, not to the given one; ask for a proof to that root.`,
    )
  }
  return { name: 'root', shown: true, text: 'That is the given root.' }
}

function isOwn({ signed }: Proof, { key, own }: ProofGiven): boolean {
  return key === undefined && own !== undefined && signed?.key === own
}

function checkSignature(proof: Proof, given: ProofGiven): ProofStep {
  const { signed, project, mmr } = proof
  const { key: trusted } = given
  if (!signed)
    throw wrong('SIGNATURE', 'The proof holds no signed root, so that there is nothing to check the key with.')
  if (signed.root !== mmr.root || signed.leaves !== mmr.leaves) {
    throw wrong('SIGNATURE', `The signed root is ${signed.root} over ${signed.leaves} seals, not that of the proof.`)
  }
  if (signed.project !== project) {
    throw wrong('SIGNATURE', `The signed root is that of the project ${signed.project}, not of ${project}.`)
  }
  const verdict = verifyRoot(signed)
  if (!verdict.ok) {
    const why = verdict.why === 'key' ? 'names no ed25519 key' : 'was not made by the key it names, or changed since'
    throw wrong('SIGNATURE', `The signed root ${why}.`)
  }
  if (trusted !== undefined && trusted !== signed.key) {
    throw wrong('SIGNATURE', `The root was signed by ${signed.key}, not by the given key.`)
  }
  const fact = `${signed.key} signed that root at ${signed.time} for the project ${project}`
  if (isOwn(proof, given)) return { name: 'signature', shown: true, text: `Your own key ${fact}.` }
  return trusted === undefined
    ? { name: 'signature', shown: false, text: `${fact}; whose key that is was not shown, give it with --key.` }
    : { name: 'signature', shown: true, text: `The given key ${fact}.` }
}

function content({ object, size }: ProvenFile): string {
  return `${size} bytes and the address ${object}`
}

type Wrong = 'FILE' | 'TREE' | 'SEAL' | 'RANGE' | 'ROOT' | 'SIGNATURE'

function wrong(what: Wrong, sentence: string, cause?: unknown): IzeError {
  return new IzeError(`E_PROOF_${what}`, sentence, {}, { cause })
}
