import * as native from '../sys/native.ts'

/** Lines that became others, counted from 0: `length` lines from `at` on, in the place of which there are `newLength` from `newAt`. */
export interface LineChange {
  readonly at: number
  readonly length: number
  readonly newAt: number
  readonly newLength: number
}

const DEADLINE_MS = 1000
const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/

/** The lines of a content with their ends; the last one may have none. */
export function linesOf(content: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < content.length;) {
    const end = content.indexOf(0x0a, at)
    const next = end < 0 ? content.length : end + 1
    lines.push(content.subarray(at, next))
    at = next
  }
  return lines
}

/** Where two contents differ, in order. */
export function lineChanges(from: Buffer, to: Buffer): LineChange[] {
  const hunks = Buffer.from(native.diffUnified(from, to, 0, DEADLINE_MS))
  const changes: LineChange[] = []
  for (let at = 0; at < hunks.length;) {
    const end = hunks.indexOf(0x0a, at)
    // No line of a content begins so: each has a mark before it.
    if (hunks[at] === 0x40) changes.push(changeOf(hunks.toString('latin1', at, end)))
    at = end < 0 ? hunks.length : end + 1
  }
  return changes
}

function changeOf(header: string): LineChange {
  const [, at = '0', length = '1', newAt = '0', newLength = '1'] = HEADER.exec(header) ?? []
  const start = (line: string, count: string): number => Number(line) - (count === '0' ? 0 : 1)
  return {
    at: start(at, length),
    length: Number(length),
    newAt: start(newAt, newLength),
    newLength: Number(newLength),
  }
}
