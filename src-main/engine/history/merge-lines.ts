import { type LineChange, lineChanges, linesOf } from './line-places.ts'

/** Lines from 0: `count` of them from `at` on. */
export interface Lines {
  readonly at: number
  readonly count: number
}

export type MergedLines =
  | { readonly kind: 'merged'; readonly content: Buffer }
  /** Of the neighbourhood: what was, what is, and what would be; where it begins in the two contents, from 0. */
  | {
      readonly kind: 'conflict'
      readonly base: Buffer
      readonly now: Buffer
      readonly wanted: Buffer
      readonly baseAt: number
      readonly nowAt: number
      /** The whole content with that part as it would be, or with the lines behind what is there. */
      readonly resolved: (take: 'back' | 'both') => Buffer
    }

/** Lines on either side that must be what they were, as `patch` and `git apply` have it. */
const SURROUNDINGS = 3

/**
 * Puts `lines` in place of those that `replaced` names in `base`, in a content that has come of it since. That is done only
 * where these lines and their surroundings are what they were; else nothing is guessed. Bytes stay as they are: line
 * ends, encoding, a missing newline at the end.
 */
export function mergeLines(lines: readonly Buffer[], replaced: Lines, base: Buffer, now: Buffer): MergedLines {
  const [before, present] = [linesOf(base), linesOf(now)]
  const changes = lineChanges(base, now)
  const { at, count } = replaced
  const end = at + count
  const [from, to] = [Math.max(0, at - SURROUNDINGS), Math.min(before.length, end + SURROUNDINGS)]
  const near = changes.filter((change) => touches(change, { from, to, at, end }))
  const place = placeIn(changes, at)
  const content = [...present.slice(0, place), ...lines, ...present.slice(place + count)]
  if (near.length === 0 && isWhole(content)) return { kind: 'merged', content: Buffer.concat(content) }
  const [start, stop] = [
    Math.min(from, ...near.map((change) => change.at)),
    Math.max(to, ...near.map((change) => change.at + change.length)),
  ]
  const [nowAt, nowEnd] = [placeIn(changes, start), placeIn(changes, stop, 'after')]
  const wanted = [...before.slice(start, at), ...lines, ...before.slice(end, stop)]
  const [head, there, tail] = [present.slice(0, nowAt), present.slice(nowAt, nowEnd), present.slice(nowEnd)]
  return {
    kind: 'conflict',
    base: Buffer.concat(before.slice(start, stop)),
    now: Buffer.concat(there),
    wanted: Buffer.concat(wanted),
    baseAt: start,
    nowAt,
    resolved: (take) => whole([...head, ...(take === 'back' ? wanted : [...there, ...lines]), ...tail]),
  }
}

/** A line that lacked its end, as the last of its content, gets one where another follows. */
function whole(lines: readonly Buffer[]): Buffer {
  const end = Buffer.from('\n')
  return Buffer.concat(
    lines.flatMap((line, index) => (index < lines.length - 1 && line.at(-1) !== 0x0a ? [line, end] : [line])),
  )
}

/** What came in at the edge of the surroundings does not count, unless it lies at the lines themselves. */
function touches(
  { at, length }: LineChange,
  window: { readonly from: number; readonly to: number; readonly at: number; readonly end: number },
): boolean {
  if (length > 0) return at < window.to && at + length > window.from
  return (at > window.from && at < window.to) || at === window.at || at === window.end
}

/** The line of the newer content that stands where a line of the older one stood. `after`: behind what came in there. */
function placeIn(changes: readonly LineChange[], line: number, side: 'before' | 'after' = 'before'): number {
  let shift = 0
  for (const { at, length, newLength } of changes) {
    if (at + length > line || (at + length === line && length === 0 && side === 'before')) break
    shift += newLength - length
  }
  return line + shift
}

/** No line but the last lacks its end: two would become one. */
function isWhole(lines: readonly Buffer[]): boolean {
  return lines.slice(0, -1).every((line) => line.at(-1) === 0x0a)
}
