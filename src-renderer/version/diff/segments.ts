import { type ColourRun, colourOf } from './colours.ts'
import { type Oddity, visiblePieces } from './visible-text.ts'
import type { Range } from './words.ts'

/** A run of characters of one look. */
export interface Segment {
  readonly text: string
  /** Style of its syntax: see `colourOf`. */
  readonly colour: string | null
  /** It differs from the line on the other side. */
  readonly word: boolean
  readonly odd: Oddity | null
}

/** A line as it is shown. */
export interface ShownText {
  readonly segments: readonly Segment[]
  /** Characters before and after what is shown. */
  readonly before: number
  readonly after: number
}

/** As they are sent to be drawn; neighbours of one look are one. */
export function runsOf(segments: readonly Segment[]): readonly string[] {
  const runs: string[] = []
  for (const { text, colour, word, odd } of segments) {
    const look = [colour && `syntax-${colour}`, word && 'word', odd && `odd-${odd}`].filter(Boolean).join(' ')
    if (odd === null && runs.length > 0 && runs.at(-1) === look) runs[runs.length - 2] += text
    else runs.push(text, look)
  }
  return runs
}

/** Characters of a line that are shown at once. */
export const SHOWN = 2000
/** Of a longer one, characters before the first that differs. */
const LEAD = 24

/** The part of a line that is shown, cut where its look changes. A long one is shown around what differs first. */
export function segmentsOf(text: string, colours: readonly ColourRun[], words: readonly Range[]): ShownText {
  const from = text.length <= SHOWN ? 0 : startOf(text, words)
  const to = Math.min(text.length, from + SHOWN)
  const cuts = new Set([from, to])
  for (const { from: a, to: b } of [...colours, ...words]) {
    if (a > from && a < to) cuts.add(a)
    if (b > from && b < to) cuts.add(b)
  }
  const sorted = [...cuts].sort((a, b) => a - b)
  const segments: Segment[] = []
  let [colourAt, wordAt] = [0, 0]
  for (let index = 0; index + 1 < sorted.length; index++) {
    const [a, b] = [sorted[index]!, sorted[index + 1]!]
    while (colourAt < colours.length && colours[colourAt]!.to <= a) colourAt++
    while (wordAt < words.length && words[wordAt]!.to <= a) wordAt++
    const run = colours[colourAt]
    const colour = run && run.from <= a ? colourOf(run.scope) : null
    const range = words[wordAt]
    const word = range !== undefined && range.from <= a
    for (const { text: piece, odd } of visiblePieces(text.slice(a, b)))
      segments.push({ text: piece, colour, word, odd })
  }
  return { segments, before: from, after: text.length - to }
}

function startOf(text: string, words: readonly Range[]): number {
  const first = words[0]?.from ?? 0
  const start = first < SHOWN - LEAD ? 0 : Math.min(first - LEAD, text.length - SHOWN)
  // Not within a character.
  const code = text.charCodeAt(start)
  return code >= 0xdc00 && code <= 0xdfff ? start - 1 : start
}
