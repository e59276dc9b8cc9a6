import { ByteWriter } from './bytes.ts'
import { type DirectoryEntry, type Link, type PresentState } from './directory-entry.ts'
import { writeEntry } from './entry-codec.ts'
import { entriesOf } from './hamt.ts'
import type { TreeNodes } from './tree-nodes.ts'

/** A path whose state differs between two trees; null: it is not there. */
export interface Difference {
  readonly path: string
  readonly before: PresentState | null
  readonly after: PresentState | null
}

/**
 * What differs between two directories that are at `path` (of a project, empty for its root), in the order of a walk:
 * by names' bytes, a directory before what is below it. Nodes with one address are the same and are not read. A
 * directory differs only when itself does, not for what is below it.
 */
export function* diffEntries(
  nodes: TreeNodes,
  path: string,
  before: DirectoryEntry | null,
  after: DirectoryEntry | null,
): Generator<Difference> {
  if (!before || !after || !isSameState(before, after)) {
    yield { path, before: before?.state ?? null, after: after?.state ?? null }
  }
  const names = new Map<string, Pair>()
  collect(nodes, before?.below ?? null, after?.below ?? null, 0, names)
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [name, pair] of sorted) {
    yield* diffEntries(nodes, path === '' ? name : `${path}/${name}`, pair.before, pair.after)
  }
}

interface Pair {
  readonly before: DirectoryEntry | null
  readonly after: DirectoryEntry | null
}

/** Names whose entries differ, themselves or in what is below them. */
function collect(
  nodes: TreeNodes,
  before: Link | null,
  after: Link | null,
  level: number,
  names: Map<string, Pair>,
): void {
  if (before?.address === after?.address) return
  const [was, is] = [before && nodes.read(before, level), after && nodes.read(after, level)]
  if (was?.kind === 'branch' && is?.kind === 'branch') {
    was.children.forEach((child, slot) => collect(nodes, child, is.children[slot] ?? null, level + 1, names))
    return
  }
  const gone = new Map(entriesOf(nodes, before, level).map((entry) => [entry.name, entry]))
  for (const entry of entriesOf(nodes, after, level)) {
    const old = gone.get(entry.name) ?? null
    gone.delete(entry.name)
    if (!old || old.below?.address !== entry.below?.address || !isSameState(old, entry)) {
      names.set(entry.name, { before: old, after: entry })
    }
  }
  for (const [name, entry] of gone) names.set(name, { before: entry, after: null })
}

function isSameState(a: DirectoryEntry, b: DirectoryEntry): boolean {
  return a.state === b.state || bytesOf(a).equals(bytesOf(b))
}

const writer = new ByteWriter()

function bytesOf({ state }: DirectoryEntry): Buffer {
  writer.reset()
  writeEntry(writer, { name: '', state, below: null })
  return writer.bytes()
}
