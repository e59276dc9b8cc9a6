import { EIO, ERANGE } from '../errno.ts'
import type { Answer, FuseModule, FuseObject } from './fuse-native.ts'
import type { Operations } from './operations.ts'

/**
 * Options of fuse(8), version 2. `use_ino`: our inode numbers, so that hard links are one file. `attr_timeout=0`: the
 * kernel knows files by path here and would show old facts under a file's other names. `nonempty`: the folder holds the
 * note that Ize leaves while nothing is mounted.
 */
const OPTIONS = '-ofsname=ize,subtype=ize,default_permissions,nonempty,use_ino,big_writes,atomic_o_trunc,attr_timeout=0'
/** fuse-native.c: the number of the operation, and its times in `fuse_thread_locals_t` (64-bit systems). */
const OP_UTIMENS = 12
const ATIME = 104
const MTIME = 112

/**
 * A mount of fuse-native 2.2.6, corrected where that is wrong: its utimens gives the access time twice, its getxattr
 * and listxattr write and report more than the caller has room for, and its options lack those we need. The package is
 * pinned to this version, the last.
 */
export function correctedFuse(module: FuseModule, point: string, operations: Operations): FuseObject {
  // No time limit: an operation that waits for room in the log is not lost.
  const fuse = new module(point, operations, { timeout: false })
  const utimens = fuse._handlers[OP_UTIMENS]
  fuse._handlers[OP_UTIMENS] = (locals, op, path, low, high): void => {
    const { atime, mtime } = timesIn(locals as Buffer, low as number, high as number)
    utimens?.(locals, op, path, atime, mtime)
  }
  return Object.assign(fuse, {
    _fuseOptions: () => OPTIONS,
    _op_utimens: (answer: Answer, path: string, atime: number, mtime: number): void =>
      Number.isNaN(atime) ? answer(-EIO) : operations.utimens(path, atime, mtime, answer),
    _op_getxattr: (answer: Answer, path: string, name: string, room: Buffer): void =>
      operations.getxattr(path, name, sized(room, answer)),
    _op_listxattr: (answer: Answer, path: string, room: Buffer): void =>
      operations.listxattr(path, sized(room, answer)),
  })
}

/** Milliseconds since 1970, possibly before it; NaN when the structure is not the one we know. */
function timesIn(locals: Buffer, low: number, high: number): { readonly atime: number; readonly mtime: number } {
  if (locals.readUInt32LE(ATIME) !== low || locals.readUInt32LE(ATIME + 4) !== high) return { atime: NaN, mtime: NaN }
  return { atime: Number(locals.readBigInt64LE(ATIME)), mtime: Number(locals.readBigInt64LE(MTIME)) }
}

/** Fits a value into the room that libfuse gives; no room at all asks for the size only. */
function sized(room: Buffer, answer: Answer): Answer {
  return (result, given) => {
    if (result < 0) return answer(result, room.buffer)
    const value = given as Buffer
    if (room.length > 0 && value.length > room.length) return answer(-ERANGE, room.buffer)
    if (room.length > 0) value.copy(room)
    answer(value.length, room.buffer)
  }
}
