import { IzeError } from '../../ize-error.ts'
import { adjectives, adverbs, nouns, verbs } from './seal-words.ts'

const LISTS = [adjectives, nouns, verbs, adverbs]
/** Bytes of an address that the digits of its name show; the words are those of the bytes after them. */
const DIGIT_BYTES = 4
const DIGITS = 2 * DIGIT_BYTES
const FEWEST_DIGITS = 4

/** Which list a word is from: 0 to 3. */
const listOf = new Map(LISTS.flatMap((words, list) => words.map((word) => [word, list] as const)))

/** What of a seal's name was given: any of its words, in order, and the beginning of its digits, in lower case. */
export interface SealNameQuery {
  readonly words: readonly string[]
  readonly hexPrefix?: string
}

/**
 * The name of the seal with that address: `swift-eagle-soars-boldly-447abe9b`. The eight digits are those that the
 * address begins with; adjective, noun, verb and adverb stand for the four bytes after them.
 */
export function sealName(address: string): string {
  const words = LISTS.map((list, index) => list[Number.parseInt(address.slice(DIGITS + 2 * index).slice(0, 2), 16)])
  return [...words, address.slice(0, DIGITS)].join('-')
}

/**
 * Reads any part of a name: `swift-eagle`, `eagle`, `447a`, `eagle-447abe9b`, the whole; a space does for a hyphen.
 * Errors: E_SEAL_NAME when no seal can have such a name.
 */
export function parseSealName(query: string): SealNameQuery {
  const parts = query
    .trim()
    .toLowerCase()
    .split(/[\s-]+/)
  const last = parts.at(-1) ?? ''
  const digits = /^[0-9a-f]+$/.test(last) ? last : undefined
  const words = digits === undefined ? parts : parts.slice(0, -1)
  if (digits !== undefined && (digits.length < FEWEST_DIGITS || digits.length > DIGITS)) {
    throw nonsense(query, `give ${FEWEST_DIGITS} to ${DIGITS} of the digits at its end, not ${digits.length}`)
  }
  let before = -1
  for (const word of words) {
    const list = listOf.get(word)
    if (list === undefined) throw nonsense(query, `no seal has "${word}" in its name`)
    if (list <= before) throw nonsense(query, `"${word}" stands elsewhere in a name`)
    before = list
  }
  return digits === undefined ? { words } : { words, hexPrefix: digits }
}

/** Whether the query is a part of the name: its words in their order, and the beginning of its digits. */
export function matchesSealName(query: SealNameQuery, name: string): boolean {
  const parts = name.split('-')
  const digits = parts.at(-1) ?? ''
  return digits.startsWith(query.hexPrefix ?? '') && query.words.every((word) => parts[listOf.get(word) ?? -1] === word)
}

function nonsense(query: string, why: string): IzeError {
  return new IzeError(
    'E_SEAL_NAME',
    `"${query}" is not the name of a seal, nor a part of one: ${why}. Names look like ${sealName('447abe9b'.repeat(8))}.`,
    { query },
  )
}
