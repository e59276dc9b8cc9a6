import { bytesOf } from './base64.ts'
import type { ColourRun } from './colours.ts'
import { contentLines, type DiffLine, type Hunk, parseHunks } from './hunks.ts'
import { languageOf } from './languages.ts'
import { LazyColours } from './lazy-colours.ts'
import type { Arrangement, DiffSource, LineName, Outline, ShownLine, ShownRow } from './messages.ts'
import { buildRows, changedRange, type Row, type RowModel } from './rows.ts'
import { runsOf, segmentsOf, SHOWN } from './segments.ts'
import { differentWords, type WordDifference } from './words.ts'

/** A difference (or one content alone) as the thread keeps it: rows are made when they are looked at. */
export class DiffDocument {
  private hunks: readonly Hunk[] = []
  private lines: readonly string[] | null = null
  private model: RowModel = { rows: [], changes: [], added: 0, removed: 0 }
  private readonly language: string | null
  private readonly hunkColours = { old: new WeakMap<Hunk, LazyColours>(), now: new WeakMap<Hunk, LazyColours>() }
  private contentColours: LazyColours | null = null
  private readonly words = new WeakMap<DiffLine, WordDifference | 'none'>()

  constructor(path: string, source: DiffSource) {
    this.language = languageOf(path)
    if (source.kind === 'hunks') this.hunks = parseHunks(decode(bytesOf(source.base64)))
    else this.takeContent(source.bytes)
  }

  takeContent(bytes: ArrayBuffer): void {
    this.lines = contentLines(decode(new Uint8Array(bytes)))
    this.contentColours = this.language === null ? null : new LazyColours(this.lines, this.language)
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
      for (const [line] of sidesOf(row)) {
        columns = Math.max(columns, Math.min(line.text.length, SHOWN))
        highest = Math.max(highest, line.old ?? 0, line.now ?? 0)
      }
    }
    return { rows: rows.length, changes, tall, added, removed, columns, digits: String(highest).length }
  }

  rows(from: number, to: number, words: boolean): readonly ShownRow[] {
    return this.model.rows.slice(from, to).map((row) => this.show(row, words))
  }

  /** Finds the colours of rows; whether there are any that were not known before. */
  colour(from: number, to: number): boolean {
    let found = false
    for (const row of this.model.rows.slice(from, to)) {
      for (const [line, isOld] of sidesOf(row)) {
        const known = this.coloursOf(line, isOld)
        if (known?.colours.bring(known.place)) found = true
      }
    }
    return found
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

  /** Who knows the colours of a line, and its place among the lines that stand together; what is the same is told once. */
  private coloursOf(line: DiffLine, isOld: boolean): { colours: LazyColours; place: number } | null {
    const side = isOld && (line.kind !== 'same' || line.oldText !== undefined) ? 'old' : 'now'
    const number = line[side]
    if (this.language === null || number === null) return null
    if (side === 'now' && this.contentColours) return { colours: this.contentColours, place: number - 1 }
    const start = side === 'old' ? 'oldStart' : 'newStart'
    const hunk = hunkAt(this.hunks, start, number)
    if (!hunk) return null
    let colours = this.hunkColours[side].get(hunk)
    if (!colours) {
      const texts = hunk.lines.filter((one) => one[side] !== null).map(({ text }) => text)
      this.hunkColours[side].set(hunk, (colours = new LazyColours(texts, this.language)))
    }
    return { colours, place: number - hunk[start] }
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
    const known = this.coloursOf(line, isOld)
    const colours: readonly ColourRun[] = known?.colours.of(known.place) ?? []
    const { segments, before, after } = segmentsOf(text, colours, ranges)
    return { kind, old, now, endless, length: text.length, runs: runsOf(segments), before, after }
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

/** The lines of a row, each with whether it is shown as it was before. */
function sidesOf(row: Row): readonly (readonly [DiffLine, boolean])[] {
  if (row.kind === 'line') return [[row.line, row.line.kind === 'removed']]
  if (row.kind !== 'pair') return []
  return [...(row.left ? [[row.left, true] as const] : []), ...(row.right ? [[row.right, false] as const] : [])]
}

/** The last hunk that begins at or before a line. */
function hunkAt(hunks: readonly Hunk[], start: 'oldStart' | 'newStart', number: number): Hunk | undefined {
  let [low, high] = [0, hunks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (hunks[middle]![start] <= number) low = middle + 1
    else high = middle
  }
  return hunks[low - 1]
}

/** Bytes that are not UTF-8 are shown as such. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
