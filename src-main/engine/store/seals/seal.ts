import { z } from 'zod'
import type { RecordedChange } from '../../history/history-index.ts'
import { hashBytes } from '../../sys/native.ts'
import { addressSchema, canonicalText, countSchema, decodeObject, timeSchema } from './canonical.ts'

const CONTEXT = 'ize 2026-11 seal v1'

const sealSchema = z
  .strictObject({
    version: z.literal(1),
    /** From 1: the change's place in the channel. Seal n is leaf n - 1 of the Merkle Mountain Range. */
    n: z.int().min(1),
    /** Address of the root of the directory tree. */
    tree: addressSchema,
    /** Addresses of the seals before it; only the first seal has none. */
    parents: z.array(addressSchema),
    author: z.string(),
    /** Of the last operation. */
    time: timeSchema,
    /** As the change's metadata says it. */
    kind: z.string().min(1),
    message: z.string(),
    /** Pijul's state of the channel after the change, and the change's hash. */
    pijul: z.strictObject({ state: z.string().min(1), change: z.string().min(1) }),
    /** First and last operation. */
    operations: z.tuple([countSchema, countSchema]),
    /** Names of the programs that had a part in it, each once, in the order of their UTF-16 code units. */
    programs: z.array(z.string()),
  })
  .refine(({ n, parents }) => (n === 1) === (parents.length === 0), 'parents: only the first seal has none')
  .refine(
    ({ programs }) => programs.every((name, at) => at === 0 || programs[at - 1]! < name),
    'programs: not in order',
  )

/** A snapshot: what the whole project was after one change, how it came to be, and what was before it. */
export type Seal = z.infer<typeof sealSchema>

export interface SealedChange extends Pick<RecordedChange, 'hash' | 'state' | 'n'> {
  readonly metadata: Pick<RecordedChange['metadata'], 'kind' | 'first' | 'last' | 'time' | 'programs'>
  readonly message: string
}

/**
 * The seal of a change. It follows from these facts alone, so a seal that a crash took is made again with the same
 * address. `parent` is the address of the seal before it, null for the first.
 */
export function sealOf(facts: {
  readonly change: SealedChange
  readonly tree: string
  readonly parent: string | null
  readonly author: string
}): Seal {
  const { hash, state, n, message, metadata } = facts.change
  return sealSchema.parse({
    version: 1,
    n,
    tree: facts.tree,
    parents: facts.parent === null ? [] : [facts.parent],
    author: facts.author,
    time: metadata.time,
    kind: metadata.kind,
    message,
    pijul: { state, change: hash },
    operations: [metadata.first, metadata.last],
    programs: [...new Set(metadata.programs.map(({ name }) => name))].sort(),
  })
}

export function encodeSeal(seal: Seal): Buffer {
  return Buffer.from(canonicalText(sealSchema, seal))
}

/** Errors: E_OBJECT_DAMAGED. */
export function decodeSeal(bytes: Uint8Array): Seal {
  return decodeObject(sealSchema, bytes, 'seal')
}

export function sealAddress(bytes: Uint8Array): string {
  return hashBytes(bytes, CONTEXT)
}
