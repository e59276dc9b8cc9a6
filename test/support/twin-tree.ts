import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import * as native from '../../src-main/engine/sys/native.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants
const S_IFMT = 0o170000

export type Time = readonly [sec: number, nsec: number]

/** Everything that can be seen of one file of a tree. Paths and xattr values are latin1. */
export interface TreeFile {
  readonly path: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly nlink: number
  readonly rdev: number
  /** -1 for a directory, whose size is its file system's affair. */
  readonly size: number
  readonly mtime: Time
  readonly ctime: Time
  readonly ino: number
  readonly blocks: number
  readonly target: string | null
  readonly xattrs: Readonly<Record<string, string>>
  /** SHA-1 of a file's bytes; of a directory the errno when it cannot be listed, else nothing. */
  readonly content: string
  /** Names of a directory as they are given out. */
  readonly order: string
}

/** Reads a tree through descriptors, so that no path is too long; in the order of paths. The root comes first, as ''. */
export function readTree(rootFd: number): TreeFile[] {
  const found: TreeFile[] = []
  visit(rootFd, '', '', found)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function openRoot(path: string): number {
  return native.openAt(native.AT_FDCWD, Buffer.from(path).toString('latin1'), O_RDONLY | O_DIRECTORY, 0)
}

/** One file; null when it is not there. */
export function statFile(directory: number, name: string): Float64Array | null {
  const stats = new Float64Array(native.STAT_WORDS)
  return native.statIdentity(directory, name, stats, new Uint8Array(native.IDENTITY_BYTES)) < 0 ? null : stats
}

function visit(directory: number, name: string, path: string, found: TreeFile[]): void {
  const stats = statFile(directory, name)
  if (!stats) return
  const mode = stats[0] as number
  const kind = mode & S_IFMT
  let content = ''
  let order = ''
  let target: string | null = null
  if (kind === constants.S_IFREG) content = hashFile(directory, name)
  else if (kind === constants.S_IFLNK) target = String(native.readlinkAt(directory, name))
  else if (kind === constants.S_IFDIR) {
    const kids = visitKids(directory, name, path, found)
    content = kids.content
    order = kids.order
  }
  found.push({
    path,
    mode,
    nlink: stats[2] as number,
    uid: stats[3] as number,
    gid: stats[4] as number,
    rdev: stats[5] as number,
    size: kind === constants.S_IFDIR ? -1 : (stats[6] as number),
    mtime: [stats[10] as number, stats[11] as number],
    ctime: [stats[12] as number, stats[13] as number],
    ino: stats[1] as number,
    blocks: stats[7] as number,
    target,
    xattrs: readXattrs(directory, name),
    content,
    order,
  })
}

function visitKids(
  directory: number,
  name: string,
  path: string,
  found: TreeFile[],
): { content: string; order: string } {
  const fd = native.openAt(directory, name === '' ? '.' : name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
  if (fd < 0) return { content: `errno ${-fd}`, order: '' }
  try {
    const listing = native.listDirectory(fd)
    if (typeof listing === 'number') return { content: `errno ${-listing}`, order: '' }
    // An entry may be listed that may not be looked at: of a directory without x.
    for (const kid of listing.names) visit(fd, kid, path === '' ? kid : `${path}/${kid}`, found)
    return { content: '', order: listing.names.join('/') }
  } finally {
    native.closeFd(fd)
  }
}

function readXattrs(directory: number, name: string): Record<string, string> {
  const names = native.listXattr(directory, name)
  const values: Record<string, string> = {}
  for (const key of typeof names === 'number' ? [] : [...names].sort()) {
    const value = native.getXattr(directory, name, key)
    if (typeof value !== 'number') values[key] = value.toString('latin1')
  }
  return values
}

const piece = Buffer.alloc(1 << 20)

function hashFile(directory: number, name: string): string {
  const fd = native.openAt(directory, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0)
  if (fd < 0) return `errno ${-fd}`
  const hash = createHash('sha1')
  try {
    for (let at = 0; ;) {
      const got = native.readAt(fd, piece, 0, piece.length, at)
      if (got < 0) return `errno ${-got} at ${at}`
      if (got === 0) return hash.digest('hex')
      hash.update(piece.subarray(0, got))
      at += got
    }
  } finally {
    native.closeFd(fd)
  }
}
