import { IDENTITY_XATTR } from '../namespace/identity.ts'
import type { Inode } from '../namespace/inode.ts'
import { withoutSetId } from '../namespace/reduce.ts'
import { SET_ATIME, SET_GID, SET_MODE, SET_MTIME, SET_UID } from '../oplog/operation.ts'
import { EEXIST, ENODATA, ENOSPC, EOPNOTSUPP, EPERM } from './errno.ts'
import type { Caller, Volume } from './volume.ts'

/** What extended attributes of one file may take: working/ keeps them in the file system below, with our own. */
const XATTR_BYTES = 3500
const XATTR_CREATE = 1
const XATTR_REPLACE = 2

export interface AttributeChange {
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly atime?: { readonly sec: number; readonly nsec: number }
  readonly mtime?: { readonly sec: number; readonly nsec: number }
}

export function setAttributes(volume: Volume, inode: Inode, change: AttributeChange, caller: Caller): number {
  let valid = 0
  let mode = change.mode
  if ((change.uid !== undefined || change.gid !== undefined) && !inode.isDirectory) {
    // Changing the owner takes setuid and setgid away, as everywhere.
    mode = withoutSetId(mode ?? inode.mode)
  }
  if (mode !== undefined) valid |= SET_MODE
  if (change.uid !== undefined) valid |= SET_UID
  if (change.gid !== undefined) valid |= SET_GID
  if (change.atime) valid |= SET_ATIME
  if (change.mtime) valid |= SET_MTIME
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: 'setattr',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: inode.path(),
    valid,
    mode: (mode ?? 0) & 0o7777,
    uid: change.uid ?? 0,
    gid: change.gid ?? 0,
    aSec: change.atime?.sec ?? 0,
    aNsec: change.atime?.nsec ?? 0,
    mSec: change.mtime?.sec ?? 0,
    mNsec: change.mtime?.nsec ?? 0,
  })
}

export function setXattr(
  volume: Volume,
  inode: Inode,
  name: string,
  value: Uint8Array,
  flags: number,
  caller: Caller,
): number {
  if (name.startsWith('system.')) return -EOPNOTSUPP
  if (name === IDENTITY_XATTR) return -EPERM
  const held = volume.space.xattrs(inode)
  if ((flags & XATTR_CREATE) !== 0 && held.has(name)) return -EEXIST
  if ((flags & XATTR_REPLACE) !== 0 && !held.has(name)) return -ENODATA
  let bytes = name.length + value.length
  for (const [other, old] of held) if (other !== name) bytes += other.length + old.length
  if (bytes > XATTR_BYTES) return -ENOSPC
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: 'setxattr',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: inode.path(),
    name,
    value,
  })
}

export function removeXattr(volume: Volume, inode: Inode, name: string, caller: Caller): number {
  if (name.startsWith('system.')) return -EOPNOTSUPP
  if (!volume.space.xattrs(inode).has(name)) return -ENODATA
  const { sec, nsec } = volume.time()
  return volume.commit({
    type: 'removexattr',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: inode.path(),
    name,
  })
}

/** st_nlink. 1 says "not counted", as some file systems do for directories; a removed directory has none. */
export function linksOf(inode: Inode): number {
  if (!inode.isDirectory) return inode.nlink
  if (inode.nlink === 0) return 0
  return inode.subdirs < 0 ? 1 : inode.subdirs + 2
}
