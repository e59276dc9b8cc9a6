/**
 * The operations of Ize: what a program did to the tree, complete enough to be done again from the log alone.
 *
 * Paths are relative to the project's root, without leading slash, as latin1 strings (one char per byte). A path is
 * the place of the inode as programs saw it just before the operation; it is empty for an inode that has no name any
 * more (open but deleted), whose operations no replay needs. All results that depended on the moment (inode numbers,
 * masked modes, times) are in the operation, so that replaying it gives the same tree.
 */
export type OpId = number & { readonly __brand: 'OpId' }
/** Number of an inode in Ize; the root is 1. Below 2^53, never reused within a project. */
export type Ino = number & { readonly __brand: 'Ino' }

/** What every record carries. Times are the operation's own: the mtime or ctime it gave. */
export interface OpHead {
  readonly id: OpId
  readonly ino: Ino
  /** Thread id the kernel named; 0 is the kernel itself (mmap write-back). */
  readonly pid: number
  readonly sec: number
  readonly nsec: number
  readonly path: string
}

export interface MakeFields {
  /** Whole st_mode, type bits included. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** Which fields of a `setattr` are meant. */
export const SET_MODE = 1
export const SET_UID = 2
export const SET_GID = 4
export const SET_ATIME = 8
export const SET_MTIME = 16

export interface SetAttrFields {
  readonly valid: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly aSec: number
  readonly aNsec: number
  readonly mSec: number
  readonly mNsec: number
}

export type Operation = OpHead &
  (
    | ({ readonly type: 'create' } & MakeFields)
    | ({ readonly type: 'mkdir' } & MakeFields)
    | ({ readonly type: 'mknod'; readonly rdev: number } & MakeFields)
    | ({ readonly type: 'symlink'; readonly target: string } & MakeFields)
    /** `path` is the new name, `from` a name the inode already had. */
    | { readonly type: 'link'; readonly from: string }
    /** The data follow the record's fields in the log; `kill` clears setuid, setgid and capabilities. */
    | { readonly type: 'write'; readonly offset: number; readonly length: number; readonly kill: boolean }
    | { readonly type: 'truncate'; readonly size: number; readonly kill: boolean }
    | { readonly type: 'delete' }
    | { readonly type: 'rmdir' }
    /** `replaced` is the inode that stood at `to` (0: none); with RENAME_EXCHANGE the one that takes `path`. */
    | { readonly type: 'rename'; readonly to: string; readonly flags: number; readonly replaced: Ino | 0 }
    | ({ readonly type: 'setattr' } & SetAttrFields)
    | { readonly type: 'setxattr'; readonly name: string; readonly value: Uint8Array }
    | { readonly type: 'removexattr'; readonly name: string }
    /** fallocate(2): mode bits FALLOC_FL_*; punch, zero range, or plain growth. */
    | { readonly type: 'allocate'; readonly mode: number; readonly offset: number; readonly length: number }
    /** Not an operation on the tree: the last writer closed the file, so that its content is a version. */
    | { readonly type: 'close' }
    /** Not an operation on the tree: who a thread id is. `ino` is 0, `path` empty. `start` is the process's start time in clock ticks since boot. */
    | { readonly type: 'program'; readonly process: number; readonly start: number; readonly name: string }
  )

export type OpType = Operation['type']

/** What the caller supplies; the log gives the id. */
export type NewOperation = Operation extends infer O ? (O extends Operation ? Omit<O, 'id'> : never) : never

/** Records that change nothing in the tree. */
export function isMarker(op: { readonly type: OpType }): boolean {
  return op.type === 'close' || op.type === 'program'
}
