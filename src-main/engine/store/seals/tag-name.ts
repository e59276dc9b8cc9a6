import { IzeError } from '../../ize-error.ts'

/** Bytes; a file in `refs/tags` has the name, and so has, with some more, the one that replaces it. */
const LONGEST = 200

/** Why a name cannot be a tag's; null: it can. The rules of git's `check-ref-format`, and no folders. */
function objection(name: string): string | null {
  if (name === '') return 'it is empty'
  if (!name.isWellFormed() || /[\x00-\x1f\x7f-\x9f]/.test(name)) return 'it has a control character in it'
  if (Buffer.byteLength(name) > LONGEST) return `it is longer than ${LONGEST} bytes`
  const bad = /[\s~^:?*[\]\\/@"']|\.\./u.exec(name)
  if (bad) return bad[0].trim() === '' ? 'it has a space in it' : `it has ${bad[0]} in it`
  if (/^[-.]/.test(name)) return 'it begins with - or .'
  if (/\.$|\.lock$/.test(name)) return 'it ends with . or .lock'
  if (/^\d+$/.test(name)) return 'it would be taken for the number of a version'
  return null
}

export function isTagName(name: string): boolean {
  return objection(name) === null
}

/** Errors: E_TAG_NAME. */
export function expectTagName(name: string): void {
  const why = objection(name)
  if (why === null) return
  throw new IzeError('E_TAG_NAME', `"${name}" cannot be the name of a tag, because ${why}; choose another.`, { name })
}
