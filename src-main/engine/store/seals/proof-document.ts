import { z } from 'zod'
import { pathToText, textToPath } from '../../../../src-preload/path-text.ts'
import { IzeError } from '../../ize-error.ts'
import { type InclusionProof, proveInclusion, rootFromInclusion } from '../mmr/proofs.ts'
import type { MmrNodes } from '../mmr/mmr.ts'
import { addressSchema, canonicalText, countSchema, readCanonical, uuidSchema } from './canonical.ts'
import { decodeSeal, sealAddress } from './seal.ts'
import { type SignedRoot, signedRootSchema } from './signed-root.ts'

const FORMAT = 'ize-proof'
const VERSION = 1

const base64 = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'not base64')

const proofSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** The project's uuid. Only a signature binds it to the rest. */
  project: uuidSchema,
  /** As people write it (path-text.ts). */
  path: z.string().refine((text) => pathToText(textToPath(text)) === text, 'not a path'),
  /** Address and bytes of the content. */
  file: z.strictObject({ object: addressSchema, size: countSchema }),
  /** The project had removed the content for good when this was made: it cannot show it itself. */
  forgotten: z.literal(true).optional(),
  /** Canonical text of the seal. */
  seal: z.string(),
  /** The nodes of its tree that lead to the path, in base64. */
  nodes: z.array(base64),
  /** That the seal is in the range, and the root that this leads to. */
  mmr: z.strictObject({
    leaf: countSchema,
    leaves: countSchema,
    path: z.array(addressSchema),
    peaks: z.array(addressSchema),
    root: addressSchema,
  }),
  signed: signedRootSchema.nullable(),
})

/** That one version of one file is in the history of a project: `proof.json`, canonical JSON on one line. */
export type Proof = z.infer<typeof proofSchema>

/**
 * The proof that the file at `path` is in a seal. It leads to the signed root when there is one, else to the root over
 * `leaves` seals, all there are unless said otherwise.
 */
export function makeProof(parts: {
  readonly project: string
  /** One char per byte. */
  readonly path: string
  readonly file: { readonly object: string; readonly size: number }
  readonly forgotten?: true | undefined
  /** The bytes of the seal. */
  readonly seal: Uint8Array
  /** The bytes of the tree's nodes that a lookup of the path reads. */
  readonly nodes: readonly Uint8Array[]
  readonly mmr: MmrNodes
  readonly leaves?: number
  readonly signed?: SignedRoot
}): Proof {
  const { n } = decodeSeal(parts.seal)
  const inclusion = proveInclusion(parts.mmr, n - 1, parts.signed?.leaves ?? parts.leaves)
  return proofSchema.parse({
    ...{ format: FORMAT, version: VERSION, project: parts.project, path: pathToText(parts.path), file: parts.file },
    ...(parts.forgotten ? { forgotten: true } : {}),
    seal: Buffer.from(parts.seal).toString(),
    nodes: parts.nodes.map((node) => Buffer.from(node).toString('base64')),
    mmr: { ...inclusion, root: rootOf(sealAddress(parts.seal), inclusion) },
    signed: parts.signed ?? null,
  })
}

function rootOf(seal: string, inclusion: InclusionProof): string {
  const root = rootFromInclusion(seal, inclusion)
  if (root === null) throw new Error('A proof was made in a shape that it must not have')
  return root
}

export function proofText(proof: Proof): string {
  return `${canonicalText(proofSchema, proof)}\n`
}

/** Reads what `proofText` wrote; nothing of it is checked yet but its form. Errors: E_PROOF_FORMAT. */
export function readProof(text: string): Proof {
  const read = readCanonical(proofSchema, Buffer.from(text.replace(/\n$/, '')))
  if ('value' in read) return read.value
  throw new IzeError(
    'E_PROOF_FORMAT',
    `This is not a proof that this version of Ize can read (${read.why}); ask for it again with "ize prove".`,
  )
}
