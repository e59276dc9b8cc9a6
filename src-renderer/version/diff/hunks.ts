import { parse } from 'diff2html/lib-esm/diff-parser.js'

/** A line of a difference. A line that is the same has both numbers; they count from 1. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly old: number | null
  readonly now: number | null
  readonly text: string
  /** What it was, where only white space differs and that is not looked at. */
  readonly oldText?: string
  /** The file ends with it, without an end of line. */
  readonly endless?: boolean
}

export interface Hunk {
  /** Where it begins on either side, from 1. */
  readonly oldStart: number
  readonly newStart: number
  readonly lines: readonly DiffLine[]
}

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/**
 * Unified hunks without file header, as the engine tells them, parsed by diff2html. The parser takes some texts of lines
 * for its own syntax (`--- `, a carriage return, the note about the end of the file): it is given the sign and the number
 * of each line, and the text comes back after it.
 */
export function parseHunks(unified: string): readonly Hunk[] {
  const texts: string[] = []
  const endless = new Set<number>()
  const masked = ['--- a/file', '+++ b/file']
  for (const line of unified.split('\n')) {
    const header = line.startsWith('@@') ? HEADER.exec(line) : null
    if (header) masked.push(header[0])
    else if (line.startsWith('\\')) endless.add(texts.length - 1)
    else if (line !== '') masked.push(line.charAt(0) + String(texts.push(line.slice(1)) - 1))
  }
  if (texts.length === 0) return []
  const [file] = parse(masked.join('\n'))
  return (file?.blocks ?? []).map(({ header, lines }) => {
    const [, oldLine = '', oldCount, newLine = '', newCount] = HEADER.exec(header) ?? []
    // A side without lines is told by the line before it.
    const oldStart = Number(oldLine) + (oldCount === '0' ? 1 : 0)
    const newStart = Number(newLine) + (newCount === '0' ? 1 : 0)
    const signed = lines.map(({ content }) => {
      const index = Number(content.slice(1))
      return { sign: content.charAt(0), text: texts[index] ?? '', endless: endless.has(index) }
    })
    return { oldStart, newStart, lines: numbered(signed, oldStart, newStart) }
  })
}

function numbered(
  lines: readonly { readonly sign: string; readonly text: string; readonly endless: boolean }[],
  oldStart: number,
  newStart: number,
): DiffLine[] {
  let [old, now] = [oldStart, newStart]
  return lines.map(({ sign, text, endless }) => {
    const rest = endless ? { text, endless } : { text }
    if (sign === '+') return { kind: 'added', old: null, now: now++, ...rest }
    if (sign === '-') return { kind: 'removed', old: old++, now: null, ...rest }
    return { kind: 'same', old: old++, now: now++, ...rest }
  })
}

/** The lines of a whole content; the end of the last one makes no line of its own. */
export function contentLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
