import { diffArrays } from 'diff'
import type { LinesConflict } from './restore.ts'

export interface ColumnLine {
  /** From 1; null: it has no place in a file yet. */
  readonly number: number | null
  readonly text: string
  /** Against the version that was compared: only here, or not in what is wanted. */
  readonly mark: 'same' | 'new' | 'gone'
}

export interface Columns {
  readonly base: readonly ColumnLine[]
  readonly now: readonly ColumnLine[]
  readonly wanted: readonly ColumnLine[]
}

/** Lines of each side that are shown. */
const SHOWN = 2000
const DEADLINE_MS = 200

/** The three sides of a conflict as lines: what was compared, what is there now, and what the lines put back would make. */
export function columnsOf({ base, now, wanted, baseLine, nowLine }: LinesConflict): Columns {
  const [was, is, would] = [linesOf(base), linesOf(now), linesOf(wanted)]
  return {
    base: marked(was, onlyIn(would, was), 'gone', baseLine),
    now: marked(is, onlyIn(was, is), 'new', nowLine),
    wanted: marked(would, onlyIn(was, would), 'new', null),
  }
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(0, SHOWN)
}

/** Indexes of the lines of `to` that `from` has not. */
function onlyIn(from: readonly string[], to: readonly string[]): ReadonlySet<number> {
  const parts = diffArrays([...from], [...to], { timeout: DEADLINE_MS }) ?? []
  const found = new Set<number>()
  let at = 0
  for (const { added, removed, value } of parts) {
    if (removed) continue
    if (added) for (let index = 0; index < value.length; index++) found.add(at + index)
    at += value.length
  }
  return found
}

function marked(
  lines: readonly string[],
  which: ReadonlySet<number>,
  mark: 'new' | 'gone',
  first: number | null,
): ColumnLine[] {
  return lines.map((text, index) => ({
    number: first === null ? null : first + index,
    text,
    mark: which.has(index) ? mark : 'same',
  }))
}
