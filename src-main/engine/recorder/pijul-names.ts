import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'

/** Pijul's own default: the timeline a clone gets. */
export const PIJUL_CHANNEL = 'main'

/**
 * Names of files (bytes, as latin1 strings) as Pijul paths (UTF-8 text), and back.
 *
 * A byte that is no part of valid UTF-8, and a control character, becomes `%` and two upper-case hex digits; so does a
 * `%` that would otherwise read as such an escape, and the dot of a component `.pijul`, which Pijul takes for a
 * repository, and of `.ignore` at the root, where a clone puts a file of its own. All other names stay as they are. Pijul refuses components over 255 bytes: what grew longer keeps its
 * beginning, then `%~` and 32 hex digits of the SHA-256 of its bytes; such a name comes back from the change's
 * metadata only.
 */
const MAX_COMPONENT = 255
const HASH_DIGITS = 32
const OWN_FILE = '.ignore'

/** Path relative to the project, latin1 -> Pijul path. Different paths give different Pijul paths. */
export function pijulPath(path: string): string {
  if (/^[ -$&-~]*$/.test(path) && !path.includes('.pijul') && !path.startsWith(OWN_FILE) && fits(path)) return path
  return path
    .split('/')
    .map((name, at) => (at === 0 && name === OWN_FILE ? `%2E${OWN_FILE.slice(1)}` : pijulName(name)))
    .join('/')
}

/** Pijul path -> path in latin1; null when a component was shortened. */
export function pathFromPijul(path: string): string | null {
  if (path.includes('%~')) return null
  return path
    .split('/')
    .map((name) =>
      Buffer.from(name, 'utf8')
        .toString('latin1')
        .replace(/%([0-9A-F]{2})/g, (_: string, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    )
    .join('/')
}

function pijulName(name: string): string {
  const text =
    name === '.pijul'
      ? '%2Epijul'
      : decodeUtf8(name.replace(/%(?=[0-9A-F]{2}|~)/g, '%25').replace(/[\0-\x1f\x7f]/g, escapeByte))
  if (Buffer.byteLength(text) <= MAX_COMPONENT) return text
  const digest = createHash('sha256').update(name, 'latin1').digest('hex').slice(0, HASH_DIGITS)
  return `${beginning(text, MAX_COMPONENT - HASH_DIGITS - 2)}%~${digest}`
}

/** Decodes valid sequences and escapes every other byte. */
function decodeUtf8(name: string): string {
  const bytes = Buffer.from(name, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let out = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at]!)
    const sequence = bytes.subarray(at, at + length)
    if (length > 0 && sequence.length === length && isUtf8(sequence)) {
      out += sequence.toString('utf8')
      at += length
    } else {
      out += escapeByte(name[at]!)
      at++
    }
  }
  return out
}

/** Bytes of a UTF-8 sequence by its first byte; 0: it cannot begin one. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}

function escapeByte(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

/** As many whole characters as fit, never cutting an escape in two. */
function beginning(text: string, bytes: number): string {
  let out = ''
  let used = 0
  for (const piece of text.match(/%[0-9A-F]{2}|[^]/gu) ?? []) {
    used += Buffer.byteLength(piece)
    if (used > bytes) break
    out += piece
  }
  return out
}

function fits(path: string): boolean {
  return path.length <= MAX_COMPONENT || path.split('/').every((name) => name.length <= MAX_COMPONENT)
}
