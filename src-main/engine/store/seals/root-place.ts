import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** Where signed roots are kept: a file of lines, or such a file in the commits of a git ref. */
export type RootPlace =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'git'; readonly repository: string; readonly ref: string }

/** Completes the sentence "... must be". */
export const ROOT_PLACE_FORM =
  'the absolute path of a file (or ~/…), or a ref of a git repository such as "git:/path/to/repo#refs/ize/roots"'

const GIT = 'git:'
/** Narrower than git is about them. */
const REF = /^refs(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/

/** Null: the text names no place. `base` is the folder that relative paths begin at; without it there are none. */
export function rootPlaceOf(text: string, base?: string): RootPlace | null {
  if (!text.startsWith(GIT)) {
    const file = absolute(text, base)
    return file === null ? null : { kind: 'file', file }
  }
  const hash = text.lastIndexOf('#')
  const repository = hash < 0 ? null : absolute(text.slice(GIT.length, hash), base)
  const ref = text.slice(hash + 1)
  if (repository === null || !REF.test(ref) || /\.\.|\.lock(\/|$)|\.(\/|$)/.test(ref)) return null
  return { kind: 'git', repository, ref }
}

export function rootPlaceText(place: RootPlace): string {
  return place.kind === 'file' ? place.file : `${GIT}${place.repository}#${place.ref}`
}

function absolute(path: string, base: string | undefined): string | null {
  if (path === '' || path.includes('\0')) return null
  if (path.startsWith('~/')) return join(homedir(), path.slice(2))
  if (isAbsolute(path)) return resolve(path)
  return base === undefined ? null : resolve(base, path)
}
