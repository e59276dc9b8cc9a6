import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { SET_ATIME, SET_GID, SET_MODE, SET_MTIME, SET_UID, type NewOperation, type Ino } from '../oplog/operation.ts'
import { ExtentMap, hole, zeros } from './extent-map.ts'
import { Inode, S_IFMT, type NameChange } from './inode.ts'
import type { Namespace } from './namespace.ts'

export const RENAME_EXCHANGE = 2
const BLOCK = 4096
export const FALLOC_KEEP_SIZE = 1
export const FALLOC_PUNCH_HOLE = 2
export const FALLOC_ZERO_RANGE = 16

/** What the reducer needs of a tree. */
export type Reducible = Pick<
  Namespace,
  'inodes' | 'dirty' | 'orphans' | 'nextIno' | 'place' | 'lookup' | 'resolve' | 'xattrs'
>

/**
 * The one reducer: changes the namespace by an operation, whether it is happening now or is read from the log. What
 * the operation needs is looked up by its paths, so that nothing but the log is needed. `position` is where the record
 * stands in the log, `data` where its bytes do.
 */
export function apply(space: Reducible, op: NewOperation, position: number, data: number): void {
  switch (op.type) {
    case 'create':
    case 'mkdir':
    case 'mknod':
    case 'symlink':
      return make(space, op, position)
    case 'link':
      return link(space, op, position)
    case 'delete':
    case 'rmdir':
      return remove(space, op, position)
    case 'rename':
      return rename(space, op, position)
    case 'close':
    case 'program':
      return
    case 'write':
    case 'truncate':
    case 'allocate':
    case 'setattr':
    case 'setxattr':
    case 'removexattr': {
      const inode = target(space, op)
      if (inode) changeInode(space, inode, op, position, data)
      return
    }
    default:
      return assertNever(op, 'operation')
  }
}

type Of<T extends NewOperation['type']> = Extract<NewOperation, { type: T }>

function make(space: Reducible, op: Of<'create' | 'mkdir' | 'mknod' | 'symlink'>, position: number): void {
  const { directory, name } = space.place(op.path)
  const inode = new Inode(op.ino, op.mode)
  inode.uid = op.uid
  inode.gid = op.gid
  inode.aSec = inode.mSec = inode.cSec = inode.bSec = op.sec
  inode.aNsec = inode.mNsec = inode.cNsec = inode.bNsec = op.nsec
  if (op.type === 'mkdir') {
    inode.size = 4096
    if (directory.subdirs >= 0) directory.subdirs++
  }
  if (op.type === 'mknod') inode.rdev = op.rdev
  if (op.type === 'symlink') {
    inode.target = op.target
    inode.size = op.target.length
  }
  inode.xattrs = new Map()
  inode.xattrPosition = position
  inode.dataPosition = position
  inode.attributePosition = position
  if (op.ino >= space.nextIno) space.nextIno = op.ino + 1
  space.inodes.set(op.ino, inode)
  touch(space, inode, position)
  attach(directory, name, inode, null, position)
  stampDirectory(space, directory, op, position)
}

function link(space: Reducible, op: Of<'link'>, position: number): void {
  const inode = space.inodes.get(op.ino) ?? space.resolve(op.from)
  if (!inode) throw missing(op.from)
  const { directory, name } = space.place(op.path)
  inode.nlink++
  stamp(space, inode, op, position)
  attach(directory, name, inode, null, position)
  stampDirectory(space, directory, op, position)
}

function remove(space: Reducible, op: Of<'delete' | 'rmdir'>, position: number): void {
  const { directory, name } = space.place(op.path)
  const inode = space.lookup(directory, name)
  if (inode?.ino !== op.ino) throw missing(op.path)
  detach(directory, name, inode, position)
  dropLink(space, directory, inode, op, position)
  stampDirectory(space, directory, op, position)
}

function rename(space: Reducible, op: Of<'rename'>, position: number): void {
  const from = space.place(op.path)
  const to = space.place(op.to)
  const inode = space.lookup(from.directory, from.name)
  if (inode?.ino !== op.ino) throw missing(op.path)
  const other = space.lookup(to.directory, to.name)
  if ((other?.ino ?? 0) !== op.replaced) throw missing(op.to)
  detach(from.directory, from.name, inode, position)
  if (other) detach(to.directory, to.name, other, position)
  attach(to.directory, to.name, inode, other, position)
  moveSubdirectory(inode, from.directory, to.directory)
  if (other && (op.flags & RENAME_EXCHANGE) !== 0) {
    attach(from.directory, from.name, other, inode, position)
    moveSubdirectory(other, to.directory, from.directory)
    stamp(space, other, op, position)
  } else if (other) {
    dropLink(space, to.directory, other, op, position)
  }
  stamp(space, inode, op, position)
  stampDirectory(space, from.directory, op, position)
  if (to.directory !== from.directory) stampDirectory(space, to.directory, op, position)
}

function changeInode(
  space: Reducible,
  inode: Inode,
  op: Of<'write' | 'truncate' | 'allocate' | 'setattr' | 'setxattr' | 'removexattr'>,
  position: number,
  data: number,
): void {
  switch (op.type) {
    case 'write': {
      const end = op.offset + op.length
      if (op.offset > inode.size) inode.sparse = true
      ;(inode.extents ??= new ExtentMap()).insert(op.offset, end, data)
      if (end > inode.size) inode.size = end
      return changedData(space, inode, op, op.kill, position)
    }
    case 'truncate':
      resize(inode, op.size, position)
      return changedData(space, inode, op, op.kill, position)
    case 'allocate': {
      const end = op.offset + op.length
      if ((op.mode & FALLOC_KEEP_SIZE) === 0 && end > inode.size) resize(inode, end, position)
      if ((op.mode & (FALLOC_PUNCH_HOLE | FALLOC_ZERO_RANGE)) !== 0) {
        clear((inode.extents ??= new ExtentMap()), op.offset, Math.min(end, inode.size), position)
        inode.sparse = true
      }
      return changedData(space, inode, op, false, position)
    }
    case 'setattr':
      if (op.valid & SET_MODE) inode.mode = (inode.mode & S_IFMT) | (op.mode & 0o7777)
      if (op.valid & SET_UID) inode.uid = op.uid
      if (op.valid & SET_GID) inode.gid = op.gid
      if (op.valid & SET_ATIME) {
        inode.aSec = op.aSec
        inode.aNsec = op.aNsec
      }
      if (op.valid & SET_MTIME) {
        inode.mSec = op.mSec
        inode.mNsec = op.mNsec
      }
      if (op.valid & (SET_UID | SET_GID)) dropCapabilities(space, inode, position)
      return stampAttributes(space, inode, op, position)
    case 'setxattr':
      space.xattrs(inode).set(op.name, Buffer.from(op.value))
      inode.xattrPosition = position
      return stampAttributes(space, inode, op, position)
    case 'removexattr':
      space.xattrs(inode).delete(op.name)
      inode.xattrPosition = position
      return stampAttributes(space, inode, op, position)
    default:
      return assertNever(op, 'operation')
  }
}

/** The inode an operation is about; null for one that has no name any more and is not in memory. */
function target(space: Reducible, op: { readonly ino: Ino; readonly path: string }): Inode | null {
  const known = space.inodes.get(op.ino)
  if (known) return known
  if (op.path === '') return null
  const inode = space.resolve(op.path)
  if (inode?.ino !== op.ino) throw missing(op.path)
  return inode
}

function missing(path: string): IzeError {
  return new IzeError('E_LOG_TREE', `The log changes "${path}", which working/ does not have; run "ize doctor".`)
}

interface When {
  readonly sec: number
  readonly nsec: number
}

function touch(space: Reducible, inode: Inode, position: number): void {
  if (inode.lastPosition === 0) space.dirty.add(inode)
  inode.lastPosition = position
}

/** The change time alone: a name came or went. */
function stamp(space: Reducible, inode: Inode, when: When, position: number): void {
  inode.cSec = when.sec
  inode.cNsec = when.nsec
  touch(space, inode, position)
}

/** Mode, owner, times or extended attributes were set. */
function stampAttributes(space: Reducible, inode: Inode, when: When, position: number): void {
  inode.attributePosition = position
  stamp(space, inode, when, position)
}

function stampDirectory(space: Reducible, directory: Inode, when: When, position: number): void {
  directory.mSec = when.sec
  directory.mNsec = when.nsec
  stamp(space, directory, when, position)
}

function changedData(space: Reducible, inode: Inode, op: When, kill: boolean, position: number): void {
  inode.mSec = op.sec
  inode.mNsec = op.nsec
  inode.dataPosition = position
  // Capabilities go with every change of the content, whoever makes it; setuid and setgid stay when root does.
  dropCapabilities(space, inode, position)
  if (kill) {
    const mode = withoutSetId(inode.mode)
    if (mode !== inode.mode) inode.attributePosition = position
    inode.mode = mode
  }
  stamp(space, inode, op, position)
}

/** Mode after a write or a change of owner: no setuid; no setgid where the group may execute. */
export function withoutSetId(mode: number): number {
  const cleared = mode & ~0o4000
  return (cleared & 0o2010) === 0o2010 ? cleared & ~0o2000 : cleared
}

function dropCapabilities(space: Reducible, inode: Inode, position: number): void {
  if (!inode.isFile) return
  if (space.xattrs(inode).delete('security.capability')) inode.xattrPosition = position
}

/** Zeros: holes where whole blocks are given back, else written, so that st_blocks is the same once it is in working/. */
function clear(map: ExtentMap, offset: number, end: number, position: number): void {
  const first = Math.min(end, Math.ceil(offset / BLOCK) * BLOCK)
  const last = Math.max(first, Math.floor(end / BLOCK) * BLOCK)
  map.insert(offset, first, zeros(position))
  map.insert(first, last, hole(position))
  map.insert(last, end, zeros(position))
}

/** Cuts or grows; what a cut hid of the base must not come back by growing again. */
function resize(inode: Inode, size: number, position: number): void {
  if (size < inode.size) {
    inode.extents?.truncate(size)
    const cuts = (inode.cuts ??= [])
    // An older, larger cut can never matter again.
    while (cuts.length > 0 && (cuts[cuts.length - 1] as number) >= size) cuts.length -= 2
    cuts.push(position, size)
  } else if (size > inode.size) {
    inode.sparse = true
  }
  inode.size = size
}

/** Gives the directory the name; `before` is what stood there (already detached). */
function attach(directory: Inode, name: string, inode: Inode, before: Inode | null, position: number): void {
  noteName(directory, name, before, position)
  directory.kids!.set(name, inode)
  if (inode.parent === null) {
    inode.parent = directory
    inode.name = name
  } else {
    ;(inode.links ??= []).push({ parent: directory, name })
  }
}

function detach(directory: Inode, name: string, inode: Inode, position: number): void {
  noteName(directory, name, inode, position)
  directory.kids!.delete(name)
  const links = inode.links
  if (inode.parent === directory && inode.name === name) {
    const next = links?.pop()
    inode.parent = next?.parent ?? null
    inode.name = next?.name ?? ''
  } else if (links) {
    const index = links.findIndex((link) => link.parent === directory && link.name === name)
    if (index >= 0) links.splice(index, 1)
  }
  if (links?.length === 0) inode.links = null
}

/** An unchanged name is what working/ has there: the first change keeps that. */
function noteName(directory: Inode, name: string, before: Inode | null, position: number): void {
  const changed = (directory.changed ??= new Map<string, NameChange>())
  const change = changed.get(name)
  if (change) change.position = position
  else changed.set(name, { position, base: before?.ino ?? 0 })
  directory.listing = null
}

function dropLink(space: Reducible, directory: Inode, inode: Inode, when: When, position: number): void {
  if (inode.isDirectory) {
    inode.nlink = 0
    if (directory.subdirs > 0) directory.subdirs--
  } else {
    inode.nlink--
  }
  stamp(space, inode, when, position)
  if (inode.nlink <= 0 && (inode.opens > 0 || inode.lookups > 0)) space.orphans.add(inode)
}

function moveSubdirectory(inode: Inode, from: Inode, to: Inode): void {
  if (!inode.isDirectory || from === to) return
  if (from.subdirs > 0) from.subdirs--
  if (to.subdirs >= 0) to.subdirs++
}
