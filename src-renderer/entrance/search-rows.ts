import type { Result } from '../../src-preload/contract.ts'

export type NameHit = Result<'history.find'>['names'][number] & { readonly project: string }
export type ChangeHit = Result<'history.find'>['changes'][number] & { readonly project: string }
export type TextHit = Result<'history.search'>['hits'][number] & { readonly project: string }

/** How well a name fits what was typed: the whole name, its beginning, a part of it, a part of the path. */
function fit(path: string, text: string): number {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  const wanted = text.toLowerCase()
  if (name === wanted || path.toLowerCase() === wanted) return 0
  if (name.startsWith(wanted)) return 1
  return name.includes(wanted) ? 2 : 3
}

/** Of all projects: those that fit best first, then those that changed last. */
export function rankNames(hits: readonly NameHit[], text: string): readonly NameHit[] {
  return [...hits].sort(
    (a, b) => fit(a.path, text) - fit(b.path, text) || (a.time < b.time ? 1 : a.time > b.time ? -1 : 0),
  )
}

/** A line of a file without what stands before its first letter, cut around the text that was found. */
export function excerpt(context: string, text: string, length = 90): { before: string; found: string; after: string } {
  const line = context.replace(/\s+/g, ' ').trim()
  const at = line.toLowerCase().indexOf(text.toLowerCase())
  if (at < 0) return { before: line.slice(0, length), found: '', after: '' }
  const from = at + text.length > length ? at - Math.floor(length / 3) : 0
  const before = (from > 0 ? '…' : '') + line.slice(from, at)
  const rest = line.slice(at + text.length)
  const room = Math.max(0, length - before.length - text.length)
  return {
    before,
    found: line.slice(at, at + text.length),
    after: rest.length > room ? `${rest.slice(0, room)}…` : rest,
  }
}
