import { type FileType, fileTypes } from '../../history/change-metadata.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import type { DirectoryEntry, Link, PresentState } from './directory-entry.ts'

/**
 * An entry: its name, a word that says what follows, the inode's number, and then, in this order, each field that the
 * word names. A field that the version does not tell is not there, and is not there when it is read again.
 *
 * bits 0-1 of the word: file, directory, symlink, special; bit 9: the value of `text`; 14 and 15 are zero.
 */
const MODE = 1 << 2
const UID = 1 << 3
const GID = 1 << 4
const MTIME = 1 << 5
const SIZE = 1 << 6
const OBJECT = 1 << 7
const TEXT = 1 << 8
const IS_TEXT = 1 << 9
const TARGET = 1 << 10
const SPECIAL = 1 << 11
const XATTRS = 1 << 12
const BELOW = 1 << 13
const TYPE = 3
const UNUSED = 0xc000

export function writeEntry(to: ByteWriter, { name, state, below }: DirectoryEntry): void {
  const { type, ino, mode, uid, gid, mtime, size, object, text, target, special, xattrs } = state
  to.string(name)
  to.u16(
    fileTypes.indexOf(type) |
      (mode === undefined ? 0 : MODE) |
      (uid === undefined ? 0 : UID) |
      (gid === undefined ? 0 : GID) |
      (mtime === undefined ? 0 : MTIME) |
      (size === undefined ? 0 : SIZE) |
      (object === undefined ? 0 : OBJECT) |
      (text === undefined ? 0 : TEXT) |
      (text === true ? IS_TEXT : 0) |
      (target === undefined ? 0 : TARGET) |
      (special === undefined ? 0 : SPECIAL) |
      (xattrs === undefined ? 0 : XATTRS) |
      (below === null ? 0 : BELOW),
  )
  to.uint(ino)
  if (mode !== undefined) to.uint(mode)
  if (uid !== undefined) to.uint(uid)
  if (gid !== undefined) to.uint(gid)
  if (mtime !== undefined) {
    to.int(mtime[0])
    to.uint(mtime[1])
  }
  if (size !== undefined) to.uint(size)
  if (object !== undefined) to.address(object)
  if (target !== undefined) to.string(target)
  if (special !== undefined) special.forEach((word) => to.uint(word))
  if (xattrs !== undefined) writeXattrs(to, xattrs)
  if (below !== null) writeLink(to, below)
}

export function readEntry(from: ByteReader): DirectoryEntry {
  const name = from.string()
  const word = from.u16()
  const type = fileTypes[word & TYPE] as FileType
  const state: PresentState = { type, ino: from.uint(), present: true }
  if (word & MODE) state.mode = from.uint()
  if (word & UID) state.uid = from.uint()
  if (word & GID) state.gid = from.uint()
  if (word & MTIME) state.mtime = [from.int(), from.uint()]
  if (word & SIZE) state.size = from.uint()
  if (word & OBJECT) state.object = from.hash()
  if (word & TEXT) state.text = (word & IS_TEXT) !== 0
  if (word & TARGET) state.target = from.string()
  if (word & SPECIAL) state.special = [from.uint(), from.uint()]
  if (word & XATTRS) state.xattrs = readXattrs(from)
  const below = word & BELOW ? readLink(from) : null
  if (word & UNUSED || (word & (TEXT | IS_TEXT)) === IS_TEXT) from.fail('an entry has unknown fields')
  if (below && type !== 'directory') from.fail('something is below an entry that is no directory')
  return { name, state, below }
}

export function writeLink(to: ByteWriter, { address, entries, files, bytes }: Link): void {
  to.address(address)
  to.uint(entries)
  to.uint(files)
  to.uint(bytes)
}

export function readLink(from: ByteReader): Link {
  return { address: from.hash(), entries: from.uint(), files: from.uint(), bytes: from.uint() }
}

/** How many there are, and each name and value, sorted by name. */
function writeXattrs(to: ByteWriter, xattrs: Readonly<Record<string, string>>): void {
  const sorted = Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1))
  to.uint(sorted.length)
  for (const [name, value] of sorted) {
    to.string(name)
    to.blob(Buffer.from(value, 'base64'))
  }
}

function readXattrs(from: ByteReader): Record<string, string> {
  const xattrs: [string, string][] = []
  for (let left = from.uint(), last = ''; left > 0; left--) {
    const name = from.string()
    if (xattrs.length > 0 && name <= last) from.fail('its extended attributes are not sorted')
    xattrs.push([name, from.blob().toString('base64')])
    last = name
  }
  return Object.fromEntries(xattrs)
}
