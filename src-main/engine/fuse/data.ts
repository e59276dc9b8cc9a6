import { constants } from 'node:fs'
import { readContent } from '../namespace/content.ts'
import type { Inode } from '../namespace/inode.ts'
import { FALLOC_KEEP_SIZE, FALLOC_PUNCH_HOLE, FALLOC_ZERO_RANGE, withoutSetId } from '../namespace/reduce.ts'
import { setAttributes } from './attributes.ts'
import { EFBIG, EINVAL, EOPNOTSUPP } from './errno.ts'
import type { Caller, Volume } from './volume.ts'

const { O_ACCMODE, O_RDONLY, O_TRUNC } = { O_ACCMODE: 3, ...constants }
/** The largest file: offsets stay exact in a double. */
export const MAX_FILE = 2 ** 53 - 1

export function open(volume: Volume, inode: Inode, flags: number, kill: boolean, caller: Caller): number {
  if ((flags & O_TRUNC) !== 0) {
    // Linux truncates for a reader too, if it may write.
    const done = truncate(volume, inode, 0, kill, caller, (flags & O_ACCMODE) === O_RDONLY)
    if (done < 0) return done
  }
  inode.opens++
  if ((flags & O_ACCMODE) !== O_RDONLY) inode.writers++
  return 0
}

/** The kernel let go of an open file. With its last writer the content becomes a version. */
export function release(volume: Volume, inode: Inode, flags: number, pid: number): void {
  if (inode.opens > 0) inode.opens--
  if ((flags & O_ACCMODE) !== O_RDONLY && inode.writers > 0) {
    inode.writers--
    markClosed(volume, inode, pid)
  }
  if (inode.opens === 0 && inode.nlink <= 0) {
    inode.extents = null
    inode.unclosed = false
  }
  volume.space.evict(inode)
}

export function read(volume: Volume, inode: Inode, offset: number, length: number, out: Buffer, at: number): number {
  return readContent(inode, offset, length, out, at, volume.space.tree, volume.log)
}

/** `src` holds the data at `dataOffset`, after at least HEADROOM bytes that may be overwritten. */
export function write(
  volume: Volume,
  inode: Inode,
  offset: number,
  src: Buffer,
  dataOffset: number,
  length: number,
  kill: boolean,
  caller: Caller,
): number {
  if (offset + length > MAX_FILE) return -EFBIG
  if (length === 0) return 0
  const { sec, nsec } = volume.time()
  const path = inode.path()
  const done = volume.commit(
    { type: 'write', ino: inode.ino, pid: caller.pid, sec, nsec, path, offset, length, kill },
    src,
    dataOffset,
    length,
  )
  if (done < 0) return done
  inode.unclosed = true
  if (inode.writers === 0) markClosed(volume, inode, caller.pid)
  return length
}

/** `closed` is false when an open for writing follows at once. */
export function truncate(
  volume: Volume,
  inode: Inode,
  size: number,
  kill: boolean,
  caller: Caller,
  closed = true,
): number {
  if (size > MAX_FILE) return -EFBIG
  const { sec, nsec } = volume.time()
  const done = volume.commit({
    type: 'truncate',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: inode.path(),
    size,
    kill,
  })
  if (done < 0) return done
  inode.unclosed = true
  if (closed) markClosed(volume, inode, caller.pid)
  return 0
}

export function allocate(
  volume: Volume,
  inode: Inode,
  how: number,
  offset: number,
  length: number,
  caller: Caller,
): number {
  if (length <= 0 || offset < 0) return -EINVAL
  if (offset + length > MAX_FILE) return -EFBIG
  const known = FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE | FALLOC_ZERO_RANGE
  if ((how & ~known) !== 0) return -EOPNOTSUPP
  if ((how & FALLOC_PUNCH_HOLE) !== 0 && (how & FALLOC_KEEP_SIZE) === 0) return -EOPNOTSUPP
  if ((how & FALLOC_PUNCH_HOLE) !== 0 && (how & FALLOC_ZERO_RANGE) !== 0) return -EOPNOTSUPP
  const { sec, nsec } = volume.time()
  const mode = withoutSetId(inode.mode)
  // The kernel leaves it to us, and does not say whether the caller may keep them.
  if (caller.uid !== 0 && mode !== inode.mode) {
    const cleared = setAttributes(volume, inode, { mode: mode & 0o7777 }, caller)
    if (cleared < 0) return cleared
  }
  const done = volume.commit({
    type: 'allocate',
    ino: inode.ino,
    pid: caller.pid,
    sec,
    nsec,
    path: inode.path(),
    mode: how,
    offset,
    length,
  })
  if (done < 0) return done
  inode.unclosed = true
  return 0
}

/** Says in the log that nobody writes to the file any more, when it changed since that was last so. */
export function markClosed(volume: Volume, inode: Inode, pid: number): void {
  if (!inode.unclosed || inode.writers > 0) return
  inode.unclosed = false
  const path = inode.path()
  if (path === '') return
  const { sec, nsec } = volume.time()
  volume.commit({ type: 'close', ino: inode.ino, pid, sec, nsec, path })
}
