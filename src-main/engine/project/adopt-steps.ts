import { z } from 'zod'
import { errno } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { kindOf, S_IFREG, statOf } from './import-types.ts'
import { done } from './plain-copy.ts'

/** What tells one state of a path from another: kind, size of a file, time of its content. */
const facts = z.object({ kind: z.number(), size: z.number(), mtime: z.tuple([z.number(), z.number()]) })
export type Facts = z.infer<typeof facts>

/**
 * What is to be done in a mounted project so that it has what a folder has: take a path (latin1) from there, or remove it.
 * `expected`: what the project has there (null: nothing); where programs have changed that meanwhile it is left alone.
 */
export const adoptStep = z.object({
  kind: z.enum(['take', 'remove']),
  path: z.string(),
  expected: facts.nullable(),
})
export type AdoptStep = z.infer<typeof adoptStep>

export function factsOf(stats: Float64Array): Facts {
  const kind = kindOf(stats)
  return {
    kind,
    size: kind === S_IFREG ? statOf(stats, 'size') : 0,
    mtime: [statOf(stats, 'mSec'), statOf(stats, 'mNsec')],
  }
}

/** Times of folders change with what is done in them. */
export function sameFacts(a: Facts | null, b: Facts | null, folder: number): boolean {
  if (a === null || b === null) return a === b
  if (a.kind !== b.kind || a.kind === folder) return a.kind === b.kind
  return a.size === b.size && a.mtime[0] === b.mtime[0] && a.mtime[1] === b.mtime[1]
}

/** Of what a folder has under a name (latin1); null: nothing. Errors: E_EXPORT. */
export function factsAt(folder: number, name: string): Facts | null {
  const stats = new Float64Array(native.STAT_WORDS)
  const result = native.statIdentity(folder, name, stats, new Uint8Array(native.IDENTITY_BYTES))
  if (result === -errno.ENOENT) return null
  done(result, name)
  return factsOf(stats)
}
