import { byName, type DirectoryEntry, type Link } from './directory-entry.ts'
import { hashOfName, slotAt } from './name-hash.ts'
import type { TreeNodes } from './tree-nodes.ts'

/** The entry of a name in a directory; `visit` is told of each node that was read for it, from the top down. */
export function findEntry(
  nodes: TreeNodes,
  directory: Link | null,
  name: string,
  visit?: (node: Link) => void,
): DirectoryEntry | null {
  let at = directory
  let hash = ''
  for (let level = 0; at; level++) {
    const node = nodes.read(at, level)
    visit?.(at)
    if (node.kind === 'leaf') return node.entries.find((entry) => entry.name === name) ?? null
    if (level === 0) hash = hashOfName(name)
    at = node.children[slotAt(hash, level)] ?? null
  }
  return null
}

/** All entries below a node that is at `level` of a directory's HAMT (0: its root), sorted by name. */
export function entriesOf(nodes: TreeNodes, at: Link | null, level = 0): readonly DirectoryEntry[] {
  if (!at) return []
  const node = nodes.read(at, level)
  if (node.kind === 'leaf') return node.entries
  const entries: DirectoryEntry[] = []
  for (const child of node.children) for (const entry of entriesOf(nodes, child, level + 1)) entries.push(entry)
  return entries.sort(byName)
}
