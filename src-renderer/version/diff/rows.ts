import { alignHunk, type LinePair } from './align.ts'
import type { DiffLine, Hunk } from './hunks.ts'

export type Layout = 'side-by-side' | 'inline'

/** One row of the view. `partner`: the line on the other side that its words are compared with. */
export type Row =
  | { readonly kind: 'pair'; readonly left: DiffLine | null; readonly right: DiffLine | null }
  | { readonly kind: 'line'; readonly line: DiffLine; readonly partner: DiffLine | null }
  /** Lines that are the same and not shown; `count` null: how many is not known yet. */
  | { readonly kind: 'fold'; readonly gap: number; readonly count: number | null }
  /** Below a hunk: what can be done with it. */
  | { readonly kind: 'bar'; readonly hunk: number }

/** What of a gap was unfolded: lines after the hunk before it, and before the hunk after it. */
export interface Unfolded {
  readonly top: number
  readonly bottom: number
}

export interface RowOptions {
  readonly layout: Layout
  readonly ignoreSpace: boolean
  /** By the number of the gap; gap n is before hunk n, the last one after all of them. */
  readonly unfolded: ReadonlyMap<number, Unfolded>
  /** All lines of the later version, once they were read. */
  readonly content: readonly string[] | null
}

export interface RowModel {
  readonly rows: readonly Row[]
  /** The rows where each change begins. */
  readonly changes: readonly number[]
  readonly added: number
  readonly removed: number
}

/** Lines of context around a change, as they were asked for: fewer at the end of a hunk mean the end of the file. */
export const CONTEXT = 3

export function buildRows(hunks: readonly Hunk[], options: RowOptions): RowModel {
  const rows: Row[] = []
  const changes: number[] = []
  let [added, removed] = [0, 0]
  for (const [index, hunk] of hunks.entries()) {
    pushGap(rows, index, gapBefore(hunks, index), options)
    const pairs = alignHunk(hunk, options.ignoreSpace)
    const changed = pairs.some(isChange)
    pushPairs(rows, changes, pairs, options.layout)
    for (const { left, right } of pairs) {
      if (left?.kind === 'removed') removed++
      if (right?.kind === 'added') added++
    }
    if (changed) rows.push({ kind: 'bar', hunk: index })
  }
  pushGap(rows, hunks.length, gapAfter(hunks, options.content), options)
  return { rows, changes, added, removed }
}

function isChange({ left, right }: LinePair): boolean {
  return left?.kind !== 'same' || right?.kind !== 'same'
}

function pushPairs(rows: Row[], changes: number[], pairs: readonly LinePair[], layout: Layout): void {
  let at = 0
  while (at < pairs.length) {
    const pair = pairs[at]!
    if (!isChange(pair)) {
      const line = pair.right!
      rows.push(layout === 'inline' ? { kind: 'line', line, partner: null } : { kind: 'pair', left: line, right: line })
      at++
      continue
    }
    changes.push(rows.length)
    const begin = at
    while (at < pairs.length && isChange(pairs[at]!)) at++
    const block = pairs.slice(begin, at)
    if (layout === 'side-by-side') rows.push(...block.map((pair): Row => ({ kind: 'pair', ...pair })))
    else {
      for (const { left, right } of block) if (left) rows.push({ kind: 'line', line: left, partner: right })
      for (const { left, right } of block) if (right) rows.push({ kind: 'line', line: right, partner: left })
    }
  }
}

/** Lines that are the same between two hunks: the first of them on either side, and how many; null: not known yet. */
interface Gap {
  readonly old: number
  readonly now: number
  readonly count: number | null
}

function gapBefore(hunks: readonly Hunk[], index: number): Gap {
  const hunk = hunks[index]!
  const { old, now } = index === 0 ? { old: 1, now: 1 } : endOf(hunks[index - 1]!)
  return { old, now, count: hunk.newStart - now }
}

function gapAfter(hunks: readonly Hunk[], content: readonly string[] | null): Gap {
  const last = hunks.at(-1)
  const { old, now } = last ? endOf(last) : { old: 1, now: 1 }
  if (content) return { old, now, count: Math.max(0, content.length - now + 1) }
  return { old, now, count: last && mayGoOn(last) ? null : 0 }
}

function mayGoOn({ lines }: Hunk): boolean {
  const after = lines.length - 1 - lastChanged(lines)
  return after >= CONTEXT && !lines.at(-1)?.endless
}

function lastChanged(lines: readonly DiffLine[]): number {
  let at = lines.length - 1
  while (at >= 0 && lines[at]!.kind === 'same') at--
  return at
}

/** The lines after a hunk, on either side. */
function endOf({ oldStart, newStart, lines }: Hunk): { old: number; now: number } {
  return {
    old: oldStart + lines.filter(({ old }) => old !== null).length,
    now: newStart + lines.filter(({ now }) => now !== null).length,
  }
}

function pushGap(rows: Row[], gap: number, { old, now, count }: Gap, options: RowOptions): void {
  if (count === 0) return
  const { top, bottom } = options.unfolded.get(gap) ?? { top: 0, bottom: 0 }
  if (!options.content || count === null) {
    rows.push({ kind: 'fold', gap, count })
    return
  }
  const first = Math.min(top, count)
  const last = Math.min(bottom, count - first)
  const push = (offset: number): void => {
    const text = options.content?.[now - 1 + offset] ?? ''
    const line: DiffLine = { kind: 'same', old: old + offset, now: now + offset, text }
    rows.push(
      options.layout === 'inline' ? { kind: 'line', line, partner: null } : { kind: 'pair', left: line, right: line },
    )
  }
  for (let offset = 0; offset < first; offset++) push(offset)
  if (count > first + last) rows.push({ kind: 'fold', gap, count: count - first - last })
  for (let offset = count - last; offset < count; offset++) push(offset)
}

/** Lines of two versions that stand for each other, as `history.restoreLines` takes them. */
export interface LineRange {
  readonly fromLine: number
  readonly fromCount: number
  readonly toLine: number
  readonly toCount: number
}

/** What changed in a hunk, from its first changed line to its last. A side without lines is told by the line before. */
export function changedRange({ oldStart, newStart, lines }: Hunk): LineRange {
  const first = lines.findIndex(({ kind }) => kind !== 'same')
  const last = lastChanged(lines)
  const before = lines.slice(0, Math.max(0, first))
  const changed = first < 0 ? [] : lines.slice(first, last + 1)
  const fromCount = changed.filter(({ old }) => old !== null).length
  const toCount = changed.filter(({ now }) => now !== null).length
  const fromLine = oldStart + before.length - (fromCount === 0 ? 1 : 0)
  const toLine = newStart + before.length - (toCount === 0 ? 1 : 0)
  return { fromLine, fromCount, toLine, toCount }
}
