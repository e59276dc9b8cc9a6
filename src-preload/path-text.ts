/**
 * How a path, which is bytes (one char per byte, "latin1"), is written as text wherever people and programs read it.
 *
 * Valid UTF-8 stands for itself. A byte that is not part of valid UTF-8 is written `%XX` (upper-case hexadecimal). A `%`
 * that would be read as such an escape, which is one before `25` or before two digits from `80` to `FF`, is itself
 * written `%25`; every other `%` stays. So `100%.txt` and `a%20b` are written as they are, and every path has exactly
 * one text.
 */
const ESCAPE = /%(25|[89A-F][0-9A-F])/g

export function pathToText(path: string): string {
  let text = ''
  let start = 0
  for (let at = 0; at < path.length;) {
    const length = sequenceLength(path, at)
    if (length === 0) {
      text += readable(path, start, at) + `%${path.charCodeAt(at).toString(16).toUpperCase()}`
      at++
      start = at
    } else at += length
  }
  return text + readable(path, start, path.length)
}

export function textToPath(text: string): string {
  let path = ''
  let start = 0
  for (const match of text.matchAll(ESCAPE)) {
    path += toBytes(text.slice(start, match.index)) + String.fromCharCode(Number.parseInt(match[1]!, 16))
    start = match.index + match[0].length
  }
  return path + toBytes(text.slice(start))
}

function readable(path: string, from: number, to: number): string {
  return fromBytes(path.slice(from, to)).replace(ESCAPE, '%25$1')
}

function toBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}

function fromBytes(bytes: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (char) => char.charCodeAt(0)),
  )
}

/** Length of the UTF-8 sequence that begins at `at` (table 3-7 of the Unicode standard); 0 when it is not valid. */
function sequenceLength(path: string, at: number): number {
  const first = path.charCodeAt(at)
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  for (let index = 1; index < length; index++) {
    const byte = path.charCodeAt(at + index)
    if (!(byte >= (index === 1 ? lowest : 0x80) && byte <= (index === 1 ? highest : 0xbf))) return 0
  }
  return length
}
