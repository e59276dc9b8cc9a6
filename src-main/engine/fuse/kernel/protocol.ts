import type { Growing } from '../growth.ts'

/**
 * Numbers of the FUSE kernel protocol, version 7.31 and later (linux/fuse.h). Requests and replies are little-endian
 * structures after a header of 40 (request) or 16 bytes (reply); the offsets stand where they are read.
 */
export const OP = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  READLINK: 5,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  SETXATTR: 21,
  GETXATTR: 22,
  LISTXATTR: 23,
  REMOVEXATTR: 24,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  FALLOCATE: 43,
  READDIRPLUS: 44,
  RENAME2: 45,
  LSEEK: 46,
} as const

export const IN_HEADER = 40
export const OUT_HEADER = 16
export const ENTRY_OUT = 128
export const ATTR_BYTES = 88
export const MAX_WRITE = 1024 * 1024

const ASYNC_READ = 1 << 0
const ATOMIC_O_TRUNC = 1 << 3
const BIG_WRITES = 1 << 5
const DO_READDIRPLUS = 1 << 13
const READDIRPLUS_AUTO = 1 << 14
const PARALLEL_DIROPS = 1 << 18
const MAX_PAGES = 1 << 22
const CACHE_SYMLINKS = 1 << 23
const NO_OPENDIR_SUPPORT = 1 << 24
const HANDLE_KILLPRIV_V2 = 1 << 28

/** What is asked of the kernel; the write-back cache stays off, so that a returned write is in the log. */
export const WANTED_FLAGS =
  ASYNC_READ |
  ATOMIC_O_TRUNC |
  BIG_WRITES |
  DO_READDIRPLUS |
  READDIRPLUS_AUTO |
  PARALLEL_DIROPS |
  MAX_PAGES |
  CACHE_SYMLINKS |
  NO_OPENDIR_SUPPORT |
  HANDLE_KILLPRIV_V2

export const FOPEN_KEEP_CACHE = 2
export const OPEN_KILL_SUIDGID = 1
export const WRITE_KILL_SUIDGID = 4

export const FATTR = {
  MODE: 1,
  UID: 2,
  GID: 4,
  SIZE: 8,
  ATIME: 16,
  MTIME: 32,
  ATIME_NOW: 128,
  MTIME_NOW: 256,
  KILL_SUIDGID: 2048,
} as const
/** Mode, owner, group, size and times: what a SETATTR is about. */
export const ANY_ATTRIBUTE = 63

/**
 * Requests that change something wait when the log is at its bound; removing does not. What makes room: truncation, a
 * file put in the place of another, an attribute less.
 */
const GROWING: ReadonlyMap<number, Growing> = new Map<number, Growing>([
  [OP.SETATTR, 'makes room'],
  [OP.SYMLINK, 'grows'],
  [OP.MKNOD, 'grows'],
  [OP.MKDIR, 'grows'],
  [OP.RENAME, 'makes room'],
  [OP.RENAME2, 'makes room'],
  [OP.LINK, 'grows'],
  [OP.WRITE, 'grows'],
  [OP.SETXATTR, 'grows'],
  [OP.REMOVEXATTR, 'makes room'],
  [OP.CREATE, 'grows'],
  [OP.FALLOCATE, 'grows'],
])

export function growingOf(opcode: number): Growing {
  return GROWING.get(opcode) ?? 'no'
}

/** Nobody else changes the tree: what the kernel knows stays true for a day. */
export const VALID_SECONDS = 86400
