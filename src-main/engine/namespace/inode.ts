import type { Ino } from '../oplog/operation.ts'
import type { Listing } from './listing.ts'
import type { ExtentMap } from './extent-map.ts'

export const S_IFMT = 0o170000
export const S_IFDIR = 0o040000
export const S_IFREG = 0o100000
export const S_IFLNK = 0o120000

/** A name of a directory that differs from working/: since which log position, and which inode working/ has there. */
export interface NameChange {
  position: number
  base: Ino | 0
}

/**
 * A file, directory, symlink or special file as programs see it. Kept in memory while it differs from working/, is
 * known to the kernel, or is needed by one that is.
 *
 * It has two places: where programs see it (`parent`, `name`; further hard links in `links`), and where working/ has
 * it (`baseDir`, `baseName`), which follows when operations have been applied.
 */
export class Inode {
  uid = 0
  gid = 0
  rdev = 0
  size = 0
  nlink = 1
  aSec = 0
  aNsec = 0
  mSec = 0
  mNsec = 0
  cSec = 0
  cNsec = 0
  bSec = 0
  bNsec = 0
  sparse = false
  target: string | null = null

  parent: Inode | null = null
  name = ''
  /** Names beyond the first that are known in memory. */
  links: { parent: Inode; name: string }[] | null = null

  baseDir: Inode | null = null
  baseName = ''
  /** Cached descriptor of the base; -1 none. */
  baseFd = -1
  /** How many inodes in memory have their base in this directory. */
  baseKids = 0

  /** Children known in memory. */
  kids: Map<string, Inode> | null = null
  /** Names that differ from working/. */
  changed: Map<string, NameChange> | null = null
  listing: Listing | null = null
  /** Sub-directories, for st_nlink; -1 when the file system below does not count them. */
  subdirs = 0

  extents: ExtentMap | null = null
  /** Truncations that working/ has not taken in: flat pairs of log position and size. */
  cuts: number[] | null = null
  /** Extended attributes, once they were asked for or changed. */
  xattrs: Map<string, Buffer> | null = null

  /** Log position of the newest operation on this inode; 0 when working/ has all. */
  lastPosition = 0
  /** Log positions of the newest change of content, attributes (mode, owner, times), extended attributes. */
  dataPosition = 0
  attributePosition = 0
  xattrPosition = 0

  /** References the kernel holds. */
  lookups = 0
  opens = 0
  writers = 0
  /** Content changed since the last writer closed. */
  unclosed = false

  constructor(
    readonly ino: Ino,
    public mode: number,
  ) {
    if ((mode & S_IFMT) === S_IFDIR) this.kids = new Map()
  }

  get isDirectory(): boolean {
    return this.kids !== null
  }

  get isFile(): boolean {
    return (this.mode & S_IFMT) === S_IFREG
  }

  get isSymlink(): boolean {
    return (this.mode & S_IFMT) === S_IFLNK
  }

  /** It has a name in the visible tree. */
  get isNamed(): boolean {
    return this.parent !== null || this.ino === 1
  }

  /** Bytes of the base that are still visible: the smallest size it was cut to since. */
  get baseLimit(): number {
    if (this.baseDir === null && this.baseFd < 0) return 0
    let limit = Infinity
    if (this.cuts) for (let i = 1; i < this.cuts.length; i += 2) limit = Math.min(limit, this.cuts[i] as number)
    return limit
  }

  setBase(directory: Inode | null, name: string): void {
    if (this.baseDir) this.baseDir.baseKids--
    this.baseDir = directory
    this.baseName = name
    if (directory) directory.baseKids++
  }

  /** Path as programs see it, latin1, relative to the root; empty for the root and for an inode without a name. */
  path(): string {
    if (this.parent === null) return ''
    let path = this.name
    for (let up = this.parent; up.parent !== null; up = up.parent) path = `${up.name}/${path}`
    return path
  }

  /** Every name that is known, with the path it makes. */
  names(): { readonly parent: Inode; readonly path: string }[] {
    if (this.parent === null) return []
    const names = [{ parent: this.parent, path: this.path() }]
    for (const { parent, name } of this.links ?? []) names.push({ parent, path: pathIn(parent, name) })
    return names
  }
}

/** Path of `name` in `directory`. */
export function pathIn(directory: Inode, name: string): string {
  const above = directory.path()
  return above === '' ? name : `${above}/${name}`
}
