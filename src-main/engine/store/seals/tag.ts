import { z } from 'zod'
import { hashBytes } from '../../sys/native.ts'
import { addressSchema, canonicalText, decodeObject, timeSchema } from './canonical.ts'
import { expectTagName, isTagName } from './tag-name.ts'

const CONTEXT = 'ize 2026-11 tag v1'

const tagSchema = z.strictObject({
  version: z.literal(1),
  /** Address of the seal. */
  seal: addressSchema,
  name: z.string().refine(isTagName, 'not a name for a tag'),
  author: z.string(),
  time: timeSchema,
  message: z.string(),
})

/** A name for a seal, with who gave it, when and why. */
export type Tag = z.infer<typeof tagSchema>

/** Errors: E_TAG_NAME. */
export function encodeTag(tag: Tag): Buffer {
  expectTagName(tag.name)
  return Buffer.from(canonicalText(tagSchema, tag))
}

/** Errors: E_OBJECT_DAMAGED. */
export function decodeTag(bytes: Uint8Array): Tag {
  return decodeObject(tagSchema, bytes, 'tag')
}

export function tagAddress(bytes: Uint8Array): string {
  return hashBytes(bytes, CONTEXT)
}
