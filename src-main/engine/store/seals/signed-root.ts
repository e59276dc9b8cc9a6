import { type KeyObject, sign, verify } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { addressSchema, canonicalText, readCanonical, uuidSchema } from './canonical.ts'
import { publicKeyOf, publicKeyText } from './keys.ts'

/** What is signed begins with this, so that no signature is good for anything else. */
const DOMAIN = 'ize 2026-11 root v1\n'

const SIGNATURE_BYTES = 64

const rootSchema = z.strictObject({
  version: z.literal(1),
  /** The project's uuid. */
  project: uuidSchema,
  leaves: z.int().min(0),
  /** The root of the Merkle Mountain Range over that many seals. */
  root: addressSchema,
  /** When it was signed: RFC 3339, UTC. */
  time: z.iso.datetime(),
  /** The public key (keys.ts). */
  key: z.string(),
})

export const signedRootSchema = rootSchema.extend({
  /** Ed25519 over the domain and the canonical text of all the other fields, in base64url. */
  signature: z.string(),
})

export type SignedRoot = z.infer<typeof signedRootSchema>

export type RootVerdict =
  /** By the key in it: whose that is, the root does not say. */
  { readonly ok: true } | { readonly ok: false; readonly why: 'key' | 'signature' }

export function signRoot(
  key: KeyObject,
  facts: { readonly project: string; readonly leaves: number; readonly root: string; readonly time: Date },
): SignedRoot {
  const unsigned = rootSchema.parse({
    ...{ version: 1, project: facts.project, leaves: facts.leaves, root: facts.root },
    time: facts.time.toISOString(),
    key: publicKeyText(key),
  })
  return { ...unsigned, signature: sign(null, message(unsigned), key).toString('base64url') }
}

/** Whether the root was signed by the key that it names. */
export function verifyRoot({ signature, ...unsigned }: SignedRoot): RootVerdict {
  const key = publicKeyOf(unsigned.key)
  if (!key) return { ok: false, why: 'key' }
  const bytes = Buffer.from(signature, 'base64url')
  const sound = bytes.length === SIGNATURE_BYTES && bytes.toString('base64url') === signature
  return sound && verify(null, message(unsigned), key, bytes) ? { ok: true } : { ok: false, why: 'signature' }
}

/** One line, without its end. */
export function signedRootText(root: SignedRoot): string {
  return canonicalText(signedRootSchema, root)
}

/** Null: it is not a signed root in canonical form. Its signature is not looked at. */
export function readSignedRoot(text: string): SignedRoot | null {
  const read = readCanonical(signedRootSchema, Buffer.from(text))
  return 'value' in read ? read.value : null
}

/** The text of kept roots with one more line; a line that was written in part stays a line of its own. */
export function withRootLine(text: string, root: SignedRoot): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${signedRootText(root)}\n`
}

/** Adds a line to a file of roots, which may be anywhere, and has it on the disk when it returns. */
export async function appendRoot(file: string, root: SignedRoot): Promise<void> {
  const handle = await open(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600)
  try {
    const { size } = await handle.stat()
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
    // A line that was written in part stays a line of its own.
    const torn = size > 0 && buffer[0] !== 0x0a
    await handle.appendFile(`${torn ? '\n' : ''}${signedRootText(root)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The lines of a file of roots, oldest first; null for a line that is none. */
export async function readRoots(file: string): Promise<(SignedRoot | null)[]> {
  const lines = (await readFile(file, 'utf8')).split('\n')
  return lines.filter((line) => line !== '').map(readSignedRoot)
}

function message(unsigned: z.infer<typeof rootSchema>): Buffer {
  return Buffer.from(DOMAIN + canonicalText(rootSchema, unsigned))
}
