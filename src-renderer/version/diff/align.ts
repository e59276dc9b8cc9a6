import { diffArrays } from 'diff'
import type { DiffLine, Hunk } from './hunks.ts'

/** Lines that stand beside each other. One side is null where nothing stands for the other. */
export interface LinePair {
  readonly left: DiffLine | null
  readonly right: DiffLine | null
}

/** More lines than this in one place are not looked through for what differs in white space only. */
const LONGEST = 4000

/**
 * The lines of a hunk side by side: what was removed beside what was added in its place, in order. With `ignoreSpace`,
 * lines that differ in white space only count as the same.
 */
export function alignHunk({ lines }: Hunk, ignoreSpace: boolean): readonly LinePair[] {
  const pairs: LinePair[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at]!
    if (line.kind === 'same') {
      pairs.push({ left: line, right: line })
      at++
      continue
    }
    const begin = at
    while (at < lines.length && lines[at]!.kind !== 'same') at++
    const block = lines.slice(begin, at)
    const removed = block.filter(({ kind }) => kind === 'removed')
    const added = block.filter(({ kind }) => kind === 'added')
    pairs.push(...(ignoreSpace ? withoutSpace(removed, added) : sideBySide(removed, added)))
  }
  return pairs
}

function sideBySide(removed: readonly DiffLine[], added: readonly DiffLine[]): LinePair[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => ({
    left: removed[index] ?? null,
    right: added[index] ?? null,
  }))
}

function withoutSpace(removed: readonly DiffLine[], added: readonly DiffLine[]): LinePair[] {
  if (removed.length > LONGEST || added.length > LONGEST) return sideBySide(removed, added)
  const bare = (lines: readonly DiffLine[]): string[] => lines.map(({ text }) => text.replace(/\s+/g, ''))
  const parts = diffArrays(bare(removed), bare(added), { timeout: 200 })
  if (!parts) return sideBySide(removed, added)
  const pairs: LinePair[] = []
  let [old, now] = [0, 0]
  let waiting: { removed: DiffLine[]; added: DiffLine[] } = { removed: [], added: [] }
  const flush = (): void => {
    pairs.push(...sideBySide(waiting.removed, waiting.added))
    waiting = { removed: [], added: [] }
  }
  for (const { added: isAdded, removed: isRemoved, value } of parts) {
    if (isRemoved) waiting.removed.push(...removed.slice(old, (old += value.length)))
    else if (isAdded) waiting.added.push(...added.slice(now, (now += value.length)))
    else {
      flush()
      for (let index = 0; index < value.length; index++) pairs.push(sameButSpace(removed[old++]!, added[now++]!))
    }
  }
  flush()
  return pairs
}

function sameButSpace(left: DiffLine, right: DiffLine): LinePair {
  const line: DiffLine = { ...right, kind: 'same', old: left.old, oldText: left.text }
  return { left: line, right: line }
}
