/** What was left out of a difference so that it can be shown. */
export interface Cut {
  /** Lines that are shown in part. */
  readonly lines: number
  /** Lines of the difference, context among them, that are not shown at all. */
  readonly more: number
}

/** Of a line, around where it begins to differ. */
const LINE_BYTES = 2000
/** Before that place. */
const LEAD_BYTES = 200
/** Compared at a time. */
const STRIDE = 65_536
/** Of all hunks together: more than that nobody reads in a window. */
const TOTAL_BYTES = 2 * 1024 * 1024
const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/
const [SPACE, MINUS, PLUS, AT, BACKSLASH] = [0x20, 0x2d, 0x2b, 0x40, 0x5c]

/**
 * Shortens unified hunks to what a window can show; null: nothing had to be left out. What is left out of a line stands
 * in it as `[… 4998000 bytes …]`; hunks end earlier, with headers that fit.
 */
export function cutHunks(hunks: Buffer): { readonly hunks: Buffer; readonly cut: Cut | null } {
  const lines = linesOf(hunks)
  const offsets = offsetsOf(lines)
  const out: Buffer[] = []
  let [bytes, shortened, told] = [0, 0, 0]
  for (const [index, line] of lines.entries()) {
    const short = shorten(line, offsets.get(index) ?? 0)
    if (bytes + short.length > TOTAL_BYTES) break
    if (short !== line) shortened++
    bytes += short.length
    out.push(short)
    told++
  }
  const more = lines.slice(told).filter((line) => line[0] !== AT && line[0] !== BACKSLASH).length
  if (shortened === 0 && more === 0) return { hunks, cut: null }
  return { hunks: Buffer.concat(more === 0 ? out : withHeaders(out)), cut: { lines: shortened, more } }
}

function linesOf(hunks: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < hunks.length;) {
    const end = hunks.indexOf(0x0a, at)
    const next = end < 0 ? hunks.length : end + 1
    lines.push(hunks.subarray(at, next))
    at = next
  }
  return lines
}

/** Where long lines begin to differ from the line that they became or came of: the nth removed and the nth added one. */
function offsetsOf(lines: readonly Buffer[]): Map<number, number> {
  const offsets = new Map<number, number>()
  let removed: number[] = []
  let added = 0
  for (const [index, line] of lines.entries()) {
    if (line[0] === MINUS) {
      if (added > 0) [removed, added] = [[], 0]
      removed.push(index)
    } else if (line[0] === PLUS) {
      const partner = removed[added++]
      const other = partner === undefined ? undefined : lines[partner]
      if (partner === undefined || !other || Math.max(line.length, other.length) <= LINE_BYTES) continue
      const offset = commonStart(line, other)
      offsets.set(index, offset)
      offsets.set(partner, offset)
    } else if (line[0] !== BACKSLASH) [removed, added] = [[], 0]
  }
  return offsets
}

/** Bytes behind the mark that are the same. */
function commonStart(a: Buffer, b: Buffer): number {
  const end = Math.min(a.length, b.length)
  let at = 1
  while (at + STRIDE <= end && a.subarray(at, at + STRIDE).equals(b.subarray(at, at + STRIDE))) at += STRIDE
  while (at < end && a[at] === b[at]) at++
  return at - 1
}

function shorten(line: Buffer, offset: number): Buffer {
  if (line.length <= LINE_BYTES) return line
  const start = characterAt(line, Math.max(1, Math.min(1 + offset - LEAD_BYTES, line.length - LINE_BYTES)))
  const end = characterAt(line, Math.min(start + LINE_BYTES, line.length))
  const ended = line.at(-1) === 0x0a
  const marked = (bytes: number): Buffer => Buffer.from(bytes > 0 ? `[… ${bytes} bytes …]` : '')
  const rest = line.length - end - (ended && end < line.length ? 1 : 0)
  const newline = Buffer.from(ended && end < line.length ? '\n' : '')
  return Buffer.concat([line.subarray(0, 1), marked(start - 1), line.subarray(start, end), marked(rest), newline])
}

/** The place itself, or the beginning of the UTF-8 character that it is in. */
function characterAt(line: Buffer, place: number): number {
  let at = place
  while (at > 1 && place - at < 4 && ((line[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}

/** Counts the lines of the hunks anew; one that has none left goes. */
function withHeaders(lines: readonly Buffer[]): Buffer[] {
  const out: Buffer[] = []
  for (let at = 0; at < lines.length;) {
    const next = lines.findIndex((line, index) => index > at && line[0] === AT)
    const body = lines.slice(at + 1, next < 0 ? undefined : next)
    const [, from = '0', to = '0'] = HEADER.exec(lines[at]?.toString('latin1') ?? '') ?? []
    const count = (...marks: readonly number[]): number => body.filter((line) => marks.includes(line[0] ?? 0)).length
    const header = `@@ -${from},${count(SPACE, MINUS)} +${to},${count(SPACE, PLUS)} @@\n`
    if (body.length > 0) out.push(Buffer.from(header), ...body)
    at = next < 0 ? lines.length : next
  }
  return out
}
