import type { ChangeEntry } from '../../history/change-metadata.ts'
import { depthOf, directoryOf } from '../../history/paths.ts'
import { stateAfter } from '../../history/version-state.ts'
import type { PresentState } from './directory-entry.ts'
import type { DraftNode, TreeDraft } from './tree-draft.ts'

/**
 * Makes a draft of the tree before a change the tree after it. A change is told as a whole: see `Lineages`, which does
 * the same in the index; the two agree on every tree (a test holds them to it).
 */
export function applyEntries(draft: TreeDraft, entries: readonly ChangeEntry[]): void {
  // All paths of the tree before are followed before anything of it moves.
  const leaving = new Map<ChangeEntry, DraftNode | null>()
  for (const entry of entries) {
    if (entry.kind === 'rename') leaving.set(entry, draft.find(entry.from ?? entry.path))
    else if (entry.kind === 'delete') leaving.set(entry, draft.find(entry.path))
  }
  const arriving = new Map<ChangeEntry, DraftNode>()
  for (const [entry, node] of leaving) {
    if (entry.kind !== 'rename' || !node?.slot) continue
    draft.detach(node)
    arriving.set(entry, node)
  }
  const deepestFirst = [...leaving].sort(([a], [b]) => depthOf(b.path) - depthOf(a.path))
  for (const [{ kind, path }, node] of deepestFirst) if (kind === 'delete') remove(draft, path, node)
  const fromTop = entries.filter(({ kind }) => kind !== 'delete').sort((a, b) => depthOf(a.path) - depthOf(b.path))
  for (const entry of fromTop) {
    const node = arriving.get(entry)
    if (node) {
      node.state = presentAfter(entry, node.state)
      draft.attach(node, entry.path)
    } else {
      draft.set(entry.path, (before) => presentAfter(entry, before))
    }
  }
}

function remove(draft: TreeDraft, path: string, before: DraftNode | null): void {
  if (before) {
    // It may have moved away, and another entry tells of that.
    if (before.slot) draft.detach(before)
    return
  }
  // It came and went between two changes. The index keeps its versions, in a directory.
  draft.directory(directoryOf(path))
  const begun = draft.find(path)
  if (begun) draft.detach(begun)
}

function presentAfter(entry: ChangeEntry, before: PresentState | null): PresentState {
  return { ...stateAfter(entry, () => before), present: true }
}
