import * as native from '../sys/native.ts'
import { isHole } from './extent-map.ts'
import type { Inode } from './inode.ts'
import type { WorkingTree } from './working-tree.ts'

const SEEK_DATA = 3
const SEEK_HOLE = 4
const ENXIO = 6
const BLOCK = 4096

/** Where the bytes of an extent stand: the log writer, or a reader with descriptors of its own. */
export interface LogBytes {
  fdAt(position: number): { readonly fd: number; readonly offset: number }
  read(position: number, buf: Uint8Array, offset: number, length: number): number
}

type PieceVisitor = (kind: 'log' | 'base' | 'zero', offset: number, end: number, position: number) => void

/** Visits [from, to) of the file piece by piece, in order and without gaps. `to` is at most the size. */
export function pieces(inode: Inode, from: number, to: number, visit: PieceVisitor): void {
  const limit = inode.baseLimit
  let at = from
  const gap = (end: number): void => {
    if (at < end && at < limit) {
      const stop = Math.min(end, limit)
      visit('base', at, stop, 0)
      at = stop
    }
    if (at < end) visit('zero', at, end, 0)
    at = end
  }
  inode.extents?.visit(from, to, (offset, end, position) => {
    gap(offset)
    visit(position < 0 ? 'zero' : 'log', offset, end, position)
    at = end
  })
  gap(to)
}

/** Reads like read(2): fewer bytes only at the end of the file. Returns the number of bytes, or -errno. */
export function readContent(
  inode: Inode,
  offset: number,
  length: number,
  out: Buffer,
  at: number,
  tree: WorkingTree,
  log: LogBytes,
): number {
  const end = Math.min(offset + length, inode.size)
  if (end <= offset) return 0
  let error = 0
  pieces(inode, offset, end, (kind, from, to, position) => {
    const into = at + from - offset
    let got = 0
    if (kind === 'log') {
      got = log.read(position, out, into, to - from)
      if (got >= 0 && got < to - from) error = -5
    } else if (kind === 'base') {
      const fd = tree.file(inode)
      got = fd < 0 ? 0 : native.readAt(fd, out, into, to - from, from)
    }
    if (got < 0) error = got
    else if (got < to - from) out.fill(0, into + got, into + to - from)
  })
  return error < 0 ? error : end - offset
}

/** The file's content as triples of descriptor (-1: zeros), offset and length, for native code. */
export function contentSegments(inode: Inode, tree: WorkingTree, log: LogBytes): Float64Array {
  const out: number[] = []
  pieces(inode, 0, inode.size, (kind, from, to, position) => {
    if (kind === 'zero') return void out.push(-1, 0, to - from)
    if (kind === 'log') {
      const { fd, offset } = log.fdAt(position)
      return void out.push(fd, offset, to - from)
    }
    const fd = tree.file(inode)
    let at = from
    if (fd >= 0) {
      const stop = Math.min(to, native.seekFrom(fd, 0, 2))
      if (stop > from) out.push(fd, from, stop - from)
      at = Math.max(from, stop)
    }
    if (at < to) out.push(-1, 0, to - at)
  })
  return Float64Array.from(out)
}

/** Next data (or hole) at or after an offset, as lseek(2) has it; -ENXIO past the end. */
export function seekContent(inode: Inode, offset: number, whence: number, tree: WorkingTree): number {
  if (offset >= inode.size || offset < 0) return -ENXIO
  if (!inode.sparse) return whence === SEEK_DATA ? offset : inode.size
  let found = -1
  dataRanges(inode, offset, tree, (from, to) => {
    if (found >= 0) return
    if (whence === SEEK_DATA) found = Math.max(from, offset)
    else if (from > offset) found = offset
    else if (to >= inode.size) found = inode.size
    else offset = Math.max(offset, to)
  })
  if (found >= 0) return found
  return whence === SEEK_DATA ? -ENXIO : Math.min(offset, inode.size)
}

/** st_blocks: of a file without holes from its size; else the blocks that hold data. The same before and after recording. */
export function blocksOf(inode: Inode, tree: WorkingTree): number {
  if (!inode.isFile) return inode.isDirectory ? 8 : 0
  if (!inode.sparse) return Math.ceil(inode.size / BLOCK) * 8
  let blocks = 0
  let counted = 0
  dataRanges(inode, 0, tree, (from, to) => {
    const first = Math.max(Math.floor(from / BLOCK), counted)
    const end = Math.ceil(to / BLOCK)
    if (end <= first) return
    blocks += end - first
    counted = end
  })
  return blocks * 8
}

/** Visits the ranges that hold data, from `offset` on. */
function dataRanges(inode: Inode, offset: number, tree: WorkingTree, visit: (from: number, to: number) => void): void {
  pieces(inode, offset, inode.size, (kind, from, to, position) => {
    if (kind === 'log') return visit(from, to)
    if (kind === 'zero') return position < 0 && !isHole(position) ? visit(from, to) : undefined
    const fd = tree.file(inode)
    for (let at = from; fd >= 0 && at < to;) {
      const data = native.seekFrom(fd, at, SEEK_DATA)
      if (data < 0 || data >= to) return
      const hole = native.seekFrom(fd, data, SEEK_HOLE)
      visit(data, Math.min(to, hole < 0 ? to : hole))
      at = hole < 0 ? to : hole
    }
  })
}
