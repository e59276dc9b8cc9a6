import type { Inode } from '../namespace/inode.ts'
import { pathIn } from '../namespace/inode.ts'
import { RENAME_EXCHANGE } from '../namespace/reduce.ts'
import { EEXIST, EINVAL, EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR, ENOTEMPTY, EPERM } from './errno.ts'
import type { Caller, Volume } from './volume.ts'

/** Bytes in a name, as on the file system below. */
export const NAME_MAX = 255
const RENAME_NOREPLACE = 1
const S_ISGID = 0o2000

export type Making =
  | { readonly type: 'create' | 'mkdir'; readonly mode: number }
  | { readonly type: 'mknod'; readonly mode: number; readonly rdev: number }
  | { readonly type: 'symlink'; readonly mode: number; readonly target: string }

/** Makes a file, directory, special file or symlink; the new inode or -errno. */
export function make(volume: Volume, parent: Inode, name: string, what: Making, caller: Caller): Inode | number {
  const refused = refuseName(volume, parent, name)
  if (refused < 0) return refused
  let mode = what.mode
  let gid = caller.gid
  if ((parent.mode & S_ISGID) !== 0) {
    gid = parent.gid
    if (what.type === 'mkdir') mode |= S_ISGID
  }
  const ino = volume.space.allocateIno()
  const { sec, nsec } = volume.time()
  const path = pathIn(parent, name)
  const { pid, uid } = caller
  // Spelled out: a spread costs several microseconds here.
  const done =
    what.type === 'mknod'
      ? volume.commit({ type: 'mknod', ino, pid, sec, nsec, path, mode, uid, gid, rdev: what.rdev })
      : what.type === 'symlink'
        ? volume.commit({ type: 'symlink', ino, pid, sec, nsec, path, mode, uid, gid, target: what.target })
        : volume.commit({ type: what.type, ino, pid, sec, nsec, path, mode, uid, gid })
  return done < 0 ? done : (volume.space.inodes.get(ino) as Inode)
}

export function link(volume: Volume, inode: Inode, parent: Inode, name: string, caller: Caller): number {
  if (inode.isDirectory) return -EPERM
  if (!inode.isNamed) return -ENOENT
  const refused = refuseName(volume, parent, name)
  if (refused < 0) return refused
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: 'link',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: pathIn(parent, name),
    from: inode.path(),
  })
}

export function remove(volume: Volume, parent: Inode, name: string, directory: boolean, caller: Caller): number {
  const inode = volume.space.lookup(parent, name)
  if (!inode) return -ENOENT
  if (directory && !inode.isDirectory) return -ENOTDIR
  if (!directory && inode.isDirectory) return -EISDIR
  if (directory && !volume.space.isEmpty(inode)) return -ENOTEMPTY
  volume.holdBase(inode)
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: directory ? 'rmdir' : 'delete',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: pathIn(parent, name),
  })
}

export function rename(
  volume: Volume,
  parent: Inode,
  name: string,
  toParent: Inode,
  toName: string,
  flags: number,
  caller: Caller,
): number {
  if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) !== 0) return -EINVAL
  if (toName.length > NAME_MAX) return -ENAMETOOLONG
  const inode = volume.space.lookup(parent, name)
  if (!inode) return -ENOENT
  const other = volume.space.lookup(toParent, toName)
  if (other === inode) return 0
  if (other && (flags & RENAME_NOREPLACE) !== 0) return -EEXIST
  const exchange = (flags & RENAME_EXCHANGE) !== 0
  if (exchange && !other) return -ENOENT
  if (isBelow(toParent, inode) || (exchange && other && isBelow(parent, other))) return -EINVAL
  if (other && !exchange) {
    if (inode.isDirectory && !other.isDirectory) return -ENOTDIR
    if (!inode.isDirectory && other.isDirectory) return -EISDIR
    if (other.isDirectory && !volume.space.isEmpty(other)) return -ENOTEMPTY
    volume.holdBase(other)
  }
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: 'rename',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: pathIn(parent, name),
    to: pathIn(toParent, toName),
    flags,
    replaced: other?.ino ?? 0,
  })
}

function refuseName(volume: Volume, parent: Inode, name: string): number {
  if (name.length > NAME_MAX) return -ENAMETOOLONG
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return -EINVAL
  if (!parent.isDirectory) return -ENOTDIR
  if (!parent.isNamed) return -ENOENT
  return volume.space.lookup(parent, name) ? -EEXIST : 0
}

function isBelow(inode: Inode, above: Inode): boolean {
  for (let at: Inode | null = inode; at; at = at.parent) if (at === above) return true
  return false
}
