import type { ChangeEntry } from '../history/change-metadata.ts'
import type { PijulEdit } from '../sys/native.ts'
import type { Draft } from './draft.ts'
import { depth } from './effect.ts'
import { pijulPath } from './pijul-names.ts'
import { pointerText } from './pijul-pointer.ts'

/**
 * The entries of a change as edits, each of which makes sense on the tree that the ones before it left: what goes or
 * moves leaves its place, deepest first, so that the paths of the tree before still hold; then everything takes its
 * place, from the top down.
 */
export function pijulEdits(drafts: readonly Draft[], texts: ReadonlyMap<ChangeEntry, Buffer>): PijulEdit[] {
  const entries = drafts.map(({ entry }) => entry)
  const parks = mayCollide(entries)
  const edits: PijulEdit[] = []

  for (const entry of leaving(entries)) {
    if (entry.kind === 'delete') edits.push({ kind: 'delete', path: pijulPath(entry.path) })
    else if (parks) edits.push({ kind: 'rename', from: pijulPath(entry.from), to: parkedName(entry) })
  }
  const arriving = entries.filter(({ kind }) => kind !== 'delete').sort((a, b) => depth(a.path) - depth(b.path))
  for (const entry of arriving) {
    const path = pijulPath(entry.path)
    if (entry.from !== undefined) {
      edits.push({ kind: 'rename', from: parks ? parkedName(entry) : pijulPath(entry.from), to: path })
    }
    if (entry.type !== 'directory') pushWrite(edits, entry, texts)
    else if (entry.kind === 'create') edits.push({ kind: 'mkdir', path })
  }
  return edits
}

type Leaving = ChangeEntry & ({ readonly kind: 'delete' } | { readonly from: string })

/** What a removed directory holds goes with it. */
function leaving(entries: readonly ChangeEntry[]): Leaving[] {
  const removed = new Set(
    entries.flatMap(({ kind, type, path }) => (kind === 'delete' && type === 'directory' ? [path] : [])),
  )
  const place = (entry: ChangeEntry): string => entry.from ?? entry.path
  return entries
    .filter((entry): entry is Leaving => entry.from !== undefined || entry.kind === 'delete')
    .filter((entry) => entry.from !== undefined || !isBelowAny(entry.path, removed))
    .sort((a, b) => depth(place(b)) - depth(place(a)))
}

/** Whether a file may not simply move: its old or new place depends on what else the change does. */
function mayCollide(entries: readonly ChangeEntry[]): boolean {
  const renames = entries.filter(({ from }) => from !== undefined)
  if (renames.length === 0) return false
  if (renames.length === 1 && entries.length === 1) return false
  if (entries.some(({ type, kind, from }) => type === 'directory' && (kind === 'delete' || from !== undefined)))
    return true
  const comes = new Set(entries.map(({ kind, path }) => (kind === 'delete' ? '' : path)))
  return renames.some(({ from }) => comes.has(from ?? ''))
}

/** No name of a file: Pijul's tree never shows it, since the same change takes it away again. */
function parkedName({ ino }: ChangeEntry): string {
  return `.ize-moving-${ino}`
}

function isBelowAny(path: string, directories: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (directories.has(path.slice(0, slash))) return true
  }
  return false
}

function pushWrite(edits: PijulEdit[], entry: ChangeEntry, texts: ReadonlyMap<ChangeEntry, Buffer>): void {
  const content = contentOf(entry, texts)
  if (!content) return
  const executable = entry.type === 'file' && ((entry.mode ?? 0) & 0o100) !== 0
  edits.push({ kind: 'write', path: pijulPath(entry.path), content, executable })
}

function contentOf(entry: ChangeEntry, texts: ReadonlyMap<ChangeEntry, Buffer>): Buffer | undefined {
  switch (entry.type) {
    case 'symlink':
      return pointerText({ kind: 'symlink', target: entry.target ?? '' })
    case 'special':
      return pointerText({ kind: 'special', mode: entry.special?.[0] ?? 0, rdev: entry.special?.[1] ?? 0 })
    case 'directory':
      return undefined
    case 'file':
      return texts.get(entry)
  }
}
