import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import { ObjectStore } from '../store/object-store.ts'
import { type FoundSeal, findSeals, numberSeals } from '../store/seals/find-seals.ts'
import { parseSealName, type SealNameQuery } from '../store/seals/seal-name.ts'
import { withRange } from '../store/seals/seal-ref.ts'
import { decodeTag } from '../store/seals/tag.ts'
import { isTagName } from '../store/seals/tag-name.ts'
import { parseTagRef, type TagTarget } from '../store/seals/tag-refs.ts'

/** Full names in a message. */
const SHOWN = 4
const ADDRESS = /^[0-9a-f]{64}$/

/**
 * The number of the change (which is that of its seal) that a name means in the project at `root`: a tag of exactly that
 * name, the address of a seal, or any part of a seal's name; null when it can be none of them. Digits alone are those
 * of a seal in lower case; in upper case, as hashes are written, they are left to hashes.
 *
 * Errors: E_VERSION_UNKNOWN, E_SEAL_AMBIGUOUS, E_REF_DAMAGED, those of the store and the range.
 */
export function resolveSealOrTag(root: string, text: string): number | null {
  const { mmr } = projectLayout(root)
  const tag = tagNamed(root, text)
  if (tag !== null) return numberOf(mmr, tag) ?? gone(text)
  const isAddress = ADDRESS.test(text)
  if (isAddress) return numberOf(mmr, text)
  const query = queryOf(text)
  if (!query || (query.words.length === 0 && /[A-F]/.test(text))) return null
  const [first, ...more] = withRange(mmr, (range) => (range ? findSeals(range, query, SHOWN + 1) : []))
  if (first) return more.length === 0 ? first.n : ambiguous(text, [first, ...more])
  if (query.words.length === 0) return null
  throw new IzeError(
    'E_VERSION_UNKNOWN',
    `No seal of this project has "${text}" in its name, and no tag is called that.`,
  )
}

/** The number of the seal with an address. Errors: E_MMR_DAMAGED. */
export function numberOf(mmr: string, address: string): number | null {
  return withRange(mmr, (range) => range && (numberSeals(range, new Set([address])).get(address) ?? null))
}

/** The address of the seal that a tag means. Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED. */
export function sealOfTag(objects: string, { kind, address }: TagTarget): string {
  if (kind === 'seal') return address
  const store = ObjectStore.open(objects)
  try {
    return decodeTag(store.nodes('tag').get(address)).seal
  } finally {
    store.close()
  }
}

function tagNamed(root: string, name: string): string | null {
  if (!isTagName(name)) return null
  const { refs, objects } = projectLayout(root)
  const file = join(refs, 'tags', name)
  let text: string
  try {
    text = readFileSync(file, 'latin1')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return sealOfTag(objects, parseTagRef(name, file, text))
}

function queryOf(text: string): SealNameQuery | null {
  try {
    return parseSealName(text)
  } catch (error) {
    if (error instanceof IzeError && error.code === 'E_SEAL_NAME') return null
    throw error
  }
}

function ambiguous(text: string, found: readonly FoundSeal[]): never {
  const names = found.slice(0, SHOWN).map(({ name }) => name)
  const list = `${names.join(', ')}${found.length > SHOWN ? ', …' : ''}`
  throw new IzeError('E_SEAL_AMBIGUOUS', `"${text}" is in the names of several seals (${list}): write more of it.`, {
    names,
  })
}

function gone(tag: string): never {
  throw new IzeError(
    'E_REF_DAMAGED',
    `The tag "${tag}" names a seal that this project does not have; "ize verify" says more.`,
    { name: tag },
  )
}
