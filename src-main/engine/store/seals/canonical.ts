import { z } from 'zod'
import { IzeError } from '../../ize-error.ts'

/**
 * Canonical JSON: one line of UTF-8 without spaces, the keys in the order of the schema. So the same facts are always
 * the same bytes and have one address. A schema for it is strict and changes nothing (no defaults, no transforms).
 */
export function canonicalText<T>(schema: z.ZodType<T>, value: T): string {
  // Parsing gives the keys in the order of the schema, whatever order `value` has.
  return JSON.stringify(schema.parse(value))
}

/** The facts in a canonical text, or what is wrong with it, in words. Any other spelling of the same facts is wrong. */
export function readCanonical<T>(schema: z.ZodType<T>, bytes: Uint8Array): { readonly value: T } | { why: string } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { why: 'it is not JSON' }
  }
  const result = schema.safeParse(parsed)
  if (!result.success) {
    const [issue] = result.error.issues
    return { why: `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'wrong'}` }
  }
  if (!Buffer.from(JSON.stringify(result.data)).equals(bytes)) return { why: 'it is not written in canonical form' }
  return { value: result.data }
}

/** An object of canonical JSON. Errors: E_OBJECT_DAMAGED. */
export function decodeObject<T>(schema: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  const read = readCanonical(schema, bytes)
  if ('value' in read) return read.value
  throw new IzeError('E_OBJECT_DAMAGED', `The ${what} is damaged (${read.why}); run "ize doctor" to mend it.`)
}

/** Of an object: a BLAKE3 hash as 64 hex digits. */
export const addressSchema = z.string().regex(/^[0-9a-f]{64}$/, 'not an address')

/** Seconds, which may be before 1970, and nanoseconds. */
export const timeSchema = z.tuple([z.int(), z.int().min(0).max(999_999_999)])

/** From 0. */
export const countSchema = z.int().min(0)

/** A project's. */
export const uuidSchema = z.uuid().regex(/^[^A-F]*$/, 'not in lower case')
