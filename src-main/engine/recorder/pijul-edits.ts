import type { ChangeEntry } from '../history/change-metadata.ts'
import type { PijulEdit } from '../sys/native.ts'
import { depth } from './effect.ts'
import type { Draft } from './draft.ts'
import { isBelowAny, PathTracker } from './path-tracker.ts'
import { pijulPath } from './pijul-names.ts'
import { pointerText } from './pijul-pointer.ts'

/**
 * The entries of a change as edits, in their order. Renames that trade names go through names of their own; what a
 * removed directory holds goes with it.
 */
export function pijulEdits(drafts: readonly Draft[], texts: ReadonlyMap<ChangeEntry, Buffer>): PijulEdit[] {
  const edits: PijulEdit[] = []
  const tracker = new PathTracker()
  const rename = (from: string, to: string): void => {
    if (from !== to) edits.push({ kind: 'rename', from: pijulPath(from), to: pijulPath(to) })
    tracker.move(from, to)
  }
  for (const { was, inode } of trading(drafts)) rename(tracker.now(was), `.ize-moving-${inode.ino}`)

  const removed = new Set(
    drafts.flatMap(({ entry, was }) => (entry.kind === 'delete' && entry.type === 'directory' ? [was] : [])),
  )
  for (const { entry, was } of drafts) {
    switch (entry.kind) {
      case 'delete':
        if (!isBelowAny(was, removed)) edits.push({ kind: 'delete', path: pijulPath(tracker.now(was)) })
        break
      case 'rename':
        rename(tracker.now(was), entry.path)
        pushWrite(edits, entry, texts)
        break
      case 'create':
      case 'edit':
      case 'attributes':
        if (entry.type !== 'directory') pushWrite(edits, entry, texts)
        else if (entry.kind === 'create') edits.push({ kind: 'mkdir', path: pijulPath(entry.path) })
    }
  }
  return edits
}

/** Renames onto a name that another one leaves, and that one; deepest first, so that paths stay true. */
function trading(drafts: readonly Draft[]): Draft[] {
  const renames = drafts.filter(({ entry }) => entry.kind === 'rename')
  const left = new Set(renames.map(({ was }) => was))
  const taken = new Set(renames.map(({ entry }) => entry.path))
  return renames
    .filter(({ entry, was }) => left.has(entry.path) || taken.has(was))
    .sort((a, b) => depth(b.was) - depth(a.was))
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
