import { Inode, S_IFDIR, S_IFLNK, S_IFREG } from '../../namespace/inode.ts'
import type { Ino } from '../../oplog/operation.ts'
import type { PresentState } from '../../store/tree/directory-entry.ts'
import type { DiskNode } from './disk-tree.ts'

const types = { file: S_IFREG, directory: S_IFDIR, symlink: S_IFLNK }

/** The inode as history tells of it. `node`: what working/ has of it, for what history does not keep. */
export function inodeFrom(state: PresentState, ino: number, node: DiskNode | null): Inode {
  const [kind, rdev] = state.type === 'special' ? (state.special ?? [0, 0]) : [types[state.type], 0]
  const permissions = state.mode ?? node?.identity?.mode ?? (state.type === 'directory' ? 0o755 : 0o644)
  const inode = new Inode(ino as Ino, kind | permissions)
  const [mSec, mNsec] = state.mtime ?? [node?.stats[10] ?? 0, node?.stats[11] ?? 0]
  Object.assign(inode, { mSec, mNsec, aSec: mSec, aNsec: mNsec, cSec: mSec, cNsec: mNsec, bSec: mSec, bNsec: mNsec })
  inode.rdev = rdev
  inode.uid = state.uid ?? node?.stats[3] ?? process.getuid?.() ?? 0
  inode.gid = state.gid ?? node?.stats[4] ?? process.getgid?.() ?? 0
  inode.size = state.size ?? 0
  inode.target = state.target ?? null
  inode.xattrs = new Map()
  for (const [name, value] of Object.entries(state.xattrs ?? {})) inode.xattrs.set(name, Buffer.from(value, 'base64'))
  // All of them are set.
  inode.xattrPosition = 1
  if (!node) return inode
  inode.aSec = node.stats[8] ?? mSec
  inode.aNsec = node.stats[9] ?? mNsec
  if (!node.identity) return inode
  inode.sparse = node.identity.sparse
  inode.cSec = node.identity.ctimeSec
  inode.cNsec = node.identity.ctimeNsec
  inode.bSec = node.identity.btimeSec
  inode.bNsec = node.identity.btimeNsec
  return inode
}

/** Whether a file has the attributes that history tells of, as far as one look at it says. */
export function sameAttributes(state: PresentState, { stats, identity }: DiskNode): boolean {
  const owner = process.getuid?.() !== 0 || (state.uid === stats[3] && state.gid === stats[4])
  const [sec, nsec] = state.mtime ?? [stats[10], stats[11]]
  if (!owner || sec !== stats[10] || nsec !== stats[11] || identity?.mode !== state.mode) return false
  // working/ keeps files readable and writable for their owner.
  return state.mode === undefined || ((stats[0] ?? 0) & 0o7777) === (state.mode | 0o600)
}
