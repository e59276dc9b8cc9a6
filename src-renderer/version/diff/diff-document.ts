import { bytesOf } from './base64.ts'
import { type ColourRun, colourLines } from './colours.ts'
import { contentLines, type DiffLine, type Hunk, parseHunks } from './hunks.ts'
import { languageOf } from './languages.ts'
import type { Arrangement, DiffSource, LineName, Outline, ShownLine, ShownRow } from './messages.ts'
import { buildRows, changedRange, type Row, type RowModel } from './rows.ts'
import { segmentsOf, SHOWN } from './segments.ts'
import { differentWords, type WordDifference } from './words.ts'

/** A difference (or one content alone) as the thread keeps it: rows are made when they are looked at. */
export class DiffDocument {
  private hunks: readonly Hunk[] = []
  private lines: readonly string[] | null = null
  private model: RowModel = { rows: [], changes: [], added: 0, removed: 0 }
  private readonly colours = {
    old: new Map<number, readonly ColourRun[]>(),
    now: new Map<number, readonly ColourRun[]>(),
  }
  private readonly words = new WeakMap<DiffLine, WordDifference | 'none'>()

  constructor(
    private readonly path: string,
    source: DiffSource,
  ) {
    if (source.kind === 'hunks') this.hunks = parseHunks(decode(bytesOf(source.base64)))
    else this.lines = contentLines(decode(new Uint8Array(source.bytes)))
  }

  takeContent(bytes: ArrayBuffer): void {
    this.lines = contentLines(decode(new Uint8Array(bytes)))
  }

  arrange({ layout, ignoreSpace, unfolded }: Arrangement): Outline {
    const alone = this.hunks.length === 0 && this.lines !== null
    const shown = alone ? [[0, { top: Number.MAX_SAFE_INTEGER, bottom: 0 }] as const] : unfolded
    const options = { layout, ignoreSpace, unfolded: new Map(shown), content: this.lines }
    this.model = buildRows(this.hunks, options)
    const { rows, changes, added, removed } = this.model
    let [columns, highest] = [0, 1]
    const tall: number[] = []
    for (const [index, row] of rows.entries()) {
      if (row.kind === 'fold' || row.kind === 'bar') tall.push(index)
      for (const line of linesOf(row)) {
        columns = Math.max(columns, Math.min(line.text.length, SHOWN))
        highest = Math.max(highest, line.old ?? 0, line.now ?? 0)
      }
    }
    return { rows: rows.length, changes, tall, added, removed, columns, digits: String(highest).length }
  }

  rows(from: number, to: number, words: boolean): readonly ShownRow[] {
    return this.model.rows.slice(from, to).map((row) => this.show(row, words))
  }

  /** Whether there are any. */
  colour(): boolean {
    const language = languageOf(this.path)
    if (language === null) return false
    for (const { lines } of this.hunks) {
      this.colourSide(
        'old',
        lines.filter(({ old }) => old !== null),
        language,
      )
      this.colourSide(
        'now',
        lines.filter(({ now }) => now !== null),
        language,
      )
    }
    const whole = this.lines && colourLines(this.lines, language)
    whole?.forEach((runs, index) => this.colours.now.set(index + 1, runs))
    return this.colours.old.size + this.colours.now.size > 0
  }

  line({ side, number }: LineName, from: number, to: number): { text: string; length: number } {
    const text = this.textOf(side, number)
    return { text: text.slice(from, to), length: text.length }
  }

  private textOf(side: 'old' | 'now', number: number): string {
    for (const { lines } of this.hunks) {
      const line = lines.find((line) => line[side] === number)
      if (line) return line.text
    }
    return (side === 'now' && this.lines?.[number - 1]) || ''
  }

  private colourSide(side: 'old' | 'now', lines: readonly DiffLine[], language: string): void {
    const runs = colourLines(
      lines.map(({ text }) => text),
      language,
    )
    if (runs) lines.forEach((line, index) => this.colours[side].set(line[side]!, runs[index] ?? []))
  }

  private show(row: Row, words: boolean): ShownRow {
    switch (row.kind) {
      case 'fold':
        return row
      case 'bar':
        return { ...row, range: changedRange(this.hunks[row.hunk]!) }
      case 'line':
        return { kind: 'line', line: this.showLine(row.line, row.partner, words, row.line.kind === 'removed') }
      case 'pair': {
        const { left, right } = row
        return {
          kind: 'pair',
          left: left && this.showLine(left, right, words, true),
          right: right && this.showLine(right, left, words, false),
        }
      }
    }
  }

  private showLine(line: DiffLine, partner: DiffLine | null, words: boolean, isOld: boolean): ShownLine {
    const { kind, old, now, endless = false } = line
    const text = isOld ? (line.oldText ?? line.text) : line.text
    const difference = partner && kind !== 'same' ? this.difference(line, partner, isOld) : null
    // Of a long line the place that differs is looked for in any case.
    const ranges = difference && (words || text.length > SHOWN) ? difference[isOld ? 'old' : 'now'] : []
    const colours = (isOld ? this.colours.old.get(old!) : this.colours.now.get(now!)) ?? []
    return { kind, old, now, endless, length: text.length, ...segmentsOf(text, colours, ranges) }
  }

  private difference(line: DiffLine, partner: DiffLine, isOld: boolean): WordDifference | null {
    const key = isOld ? line : partner
    const known = this.words.get(key)
    if (known) return known === 'none' ? null : known
    const found = isOld ? differentWords(line.text, partner.text) : differentWords(partner.text, line.text)
    this.words.set(key, found ?? 'none')
    return found
  }
}

function linesOf(row: Row): readonly DiffLine[] {
  if (row.kind === 'line') return [row.line]
  return row.kind === 'pair' ? [row.left, row.right].filter((line) => line !== null) : []
}

/** Bytes that are not UTF-8 are shown as such. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
