// Made by native/build.mjs from the code in native/binding. Do not edit.

/** A number >= 0, or -errno. */
export type Sys = number
/** A string with one char per byte. */
export type Latin1 = string
export type Bytes = Uint8Array
export type Doubles = Float64Array
export type Ints = Int32Array

/**
 * Polls (spins) for `spinNs`, then sleeps until `fd` (non-blocking) or `controlFd` (an eventfd) is ready. Returns the
 * bytes read into `buf`, 0 when `controlFd` fired (it is drained then), -ENODEV when unmounted. ENOENT, EINTR and EAGAIN
 * are retried. With `checkControl` the control descriptor is looked at first, even while requests keep coming.
 */
export declare function readRequest(
  fd: number,
  controlFd: number,
  buf: Bytes,
  offset: number,
  length: number,
  spinNs: number,
  checkControl: boolean,
): Sys

/** write(2) in one call. */
export declare function writeReply(fd: number, buf: Bytes, offset: number, length: number): Sys

/**
 * Stores the CRC-32C of buf[offset+4..offset+length), continued from `seed`, little-endian at buf[offset], then writes
 * all of it at `position`. Returns length, or -errno when not everything could be written.
 */
export declare function appendRecord(
  fd: number,
  buf: Bytes,
  offset: number,
  length: number,
  position: number,
  seed: number,
): Sys

/** CRC-32C of a part of `buf`, continued from `seed` (0 to begin). Throws when the part is not within `buf`. */
export declare function crc32c(buf: Bytes, offset: number, length: number, seed: number): number

/** Reads at `position` until the part is full; returns the bytes read, fewer at the end of the file. */
export declare function readAt(fd: number, buf: Bytes, offset: number, length: number, position: number): Sys

/** Writes at `position` until all is written; returns the bytes written, fewer when an error stopped it midway. */
export declare function writeAt(fd: number, buf: Bytes, offset: number, length: number, position: number): Sys

/** A content to be put. */
export interface ContentJob {
  /** Triples [fd, offset, length]; fd -1 is zeros. */
  segments: Doubles
  /** What it compresses well with: the ending of the file's name. */
  hint?: string
  /** The address of the version before it. */
  previous?: string
  /** Pairs [offset, length], sorted, of ranges that hold the same bytes in the version before it: they are not read. */
  unchanged?: Doubles
}

/** Entry i: names[i], 15 doubles of stats, 64 bytes of identities of which identityLengths[i] count. */
export interface Listing {
  names: Latin1[]
  stats: Float64Array
  identities: Uint8Array
  identityLengths: Uint8Array
}

/** The objects of a project, open for reading or for writing. */
export declare class NativeObjectStore {
  /** Opens the store below the directory `objects`, which exists. EIZE_STORE_BUSY: it is open for writing elsewhere. */
  static open(objects: Latin1, options: StoreOptions): NativeObjectStore
  /** Keeps an object of kind 2 to 5, as a difference to `previous` when that pays; its address. */
  putNode(kind: number, bytes: Bytes, previous?: string | null): string
  /** The same, written anew when the store has it and cannot read it; whether it was written. */
  replaceNode(kind: number, bytes: Bytes): boolean
  /**
   * Writes anew what cannot be read of a content, given its bytes (triples [fd, offset, length]). False: they are not
   * that content, and nothing was written.
   */
  replaceContent(address: string, segments: Doubles): boolean
  getNode(address: string): StoredNode
  has(address: string): boolean
  /** The addresses in a list, or the one to which a content was moved; of other objects none. */
  children(address: string): Array<string>
  /** Bytes of a content. */
  size(address: string): number
  /** All of a content of up to `limit` bytes, checked. */
  read(address: string, limit: number): Buffer
  /** As much of a part of a content as there is; only the chunks it lies in are read, and checked. */
  readRange(address: string, offset: number, length: number): Buffer
  /**
   * Writes a content at the position of `outFd`, on the pool; resolves to its size. It is checked while it is
   * written: when it rejects, what `outFd` got is to be thrown away.
   */
  copyTo(address: string, outFd: number): Promise<number>
  /** Keeps a content; see ContentJob. */
  putContent(job: ContentJob, keepUpTo: number): StoredContent
  /** Keeps a content that is in memory. */
  putBytes(bytes: Bytes, hint: string): StoredContent
  /**
   * The same as putContent for many at once, on all cores, at the priority of the calling thread; the order is kept. The
   * descriptors must stay open until it is settled.
   */
  putContents(jobs: Array<ContentJob>, keepUpTo: number): Promise<StoredContent[]>
  /** Writes what is gathered. What it returns (below `objects/`) must be flushed before anything refers to what was put. */
  publish(): Array<string>
  /** Writes what is gathered and flushes it. */
  flush(): Promise<void>
  /** What was unsound when packs were opened; the rest is readable. */
  problems(): Array<StoreFinding>
  /** Checks about `budget` bytes from `place` on (null: from the start), on the pool. */
  verify(place: StorePlace | null, budget: number): Promise<StoreVerified>
  /** Begins a collection, between batches: from now on what is put is written even if a pack has it. */
  gcBegin(): void
  /** How many blocks a collection has written, and how many it writes. */
  gcProgress(): Array<number>
  /**
   * Writes what is reachable (addresses, 32 bytes each, oldest first) anew, flushes it, and removes the packs and
   * loose objects that there were when it began; but not packs that a collection wrote, when at most `lost` thousandths of
   * them go. Resolves to the bytes before and after. Nothing is removed when it rejects.
   */
  gcRewrite(reachable: Bytes, lost: number): Promise<number[]>
  /** Ends a collection, also one that runs; nothing is removed. */
  gcAbort(): void
  /** Lets the lock go once what runs is done. What was put and not published is lost. */
  close(): void
}

export interface PeerCredentials {
  pid: number
  uid: number
  gid: number
}

export interface PijulChange {
  message: string
  author: string
  timeMs: number
  /** Kept as it is, and given back by the log. Not empty, it makes a change even when nothing differs. */
  metadata: Buffer
  /** They take the tree from before to after, in this order. */
  edits: Array<PijulEdit>
  /** Paths of files that the metadata speaks of: on the disk before the change is committed. */
  needs?: Array<string>
}

/** One step of a change. Paths are UTF-8 text, relative, "a/b/c". */
export type PijulEdit =
  | { kind: 'write'; path: string; content: Buffer; executable: boolean }
  | { kind: 'mkdir'; path: string }
  | { kind: 'delete'; path: string }
  | { kind: 'rename'; from: string; to: string }

export interface PijulLogEntry {
  /** Position in the channel's log, from 0. */
  n: number
  hash: string
  state: string
  message: string
  timeMs: number
  metadata: Buffer
}

export interface PijulRecorded {
  /** null: nothing differed and there was no metadata to keep, so no change was made. */
  hash: string | null
  /** The state of the channel after it. */
  state: string
}

export declare class PijulRepository {
  /**
   * Opens or makes root/.pijul and the channel, on a native thread that owns it from then on. Rejects with code
   * EPIJUL_OPEN or ENOSPC. Sweeps what a killed process left half written in the change store.
   */
  static open(root: string, channel: string): Promise<PijulRepository>
  /**
   * One change per entry, one commit for all: all of them are recorded and durable, or none. Rejects with code EPIJUL
   * (the repository goes on working) or ENOSPC.
   */
  record(changes: Array<PijulChange>): Promise<PijulRecorded[]>
  /** The newest change of the channel, or null. */
  head(): Promise<PijulLogEntry | null>
  /** Oldest first, from log position `from`, at most `limit`. */
  log(from: number, limit: number): Promise<PijulLogEntry[]>
  /** Every tracked path of the channel; a directory ends in a slash. */
  tracked(): Promise<string[]>
  /** The current content of a tracked file. */
  read(path: string): Promise<Buffer>
  /**
   * Makes root/.pijul, where there is none yet, with nothing but the tree as it is now, in one change, or in a few where
   * one would not fit in memory, each with the header and metadata given (its edits count for nothing). Resolves to
   * their number when all is compared and durable. This repository stays as it is.
   */
  foldInto(root: string, like: PijulChange): Promise<number>
  /** Resolves when all that was asked before has been done and the repository is closed. */
  close(): Promise<void>
}

/**
 * A native thread that, job by job in order, syncs descriptors (fdatasync) and then answers on the FUSE descriptor.
 * The methods return 0 or -errno; after close() that is -ESHUTDOWN.
 */
export declare class ReplyLane {
  /** The lane holds `fuseFd` by number: replaceWithNull on it reaches the lane too. */
  constructor(fuseFd: number)
  /**
   * Duplicates the descriptors at once. Writes `okReply` when all syncs went well, else `errReply`; then `ticket`
   * is the last finished one.
   */
  syncThenReply(fds: Ints, okReply: Bytes, errReply: Bytes, ticket: number): Sys
  /** Syncs without a reply. */
  syncOnly(fds: Ints, ticket: number): Sys
  /** Starts write-back of a range (sync_file_range). */
  startWriteback(fd: number, offset: number, length: number): Sys
  /** Starts write-back of a range, and writes `reply` when only this range is still on its way to the disk. */
  writebackThenReply(fd: number, offset: number, length: number, reply: Bytes): Sys
  /** Writes bytes to the FUSE descriptor; ENOENT is ignored, other errors are counted. */
  send(bytes: Bytes): Sys
  /** [lastFinishedTicket, failedSyncs, firstErrno, pending, failedSends], as many of them as `out` has room for. */
  state(out: Doubles): void
  /** Finishes what is queued and ends the thread; waits for it. */
  close(): void
}

/** Bytes of a store that are not what was written. */
export interface StoreFinding {
  /** Below `objects/`. */
  file: string
  offset: number
  /** The object that cannot be read because of it, when that is known. */
  address: string | null
  why: string
}

export interface StoreOptions {
  /** Takes the lock of the store; it is let go by close(). */
  write: boolean
  /** After an unclean stop of the machine: all of the open pack is checked. */
  verify: boolean
  /** zstd's; 3 by default. */
  level?: number
  /** A pack is closed at this size; 256 MiB by default. */
  packBytes?: number
}

/** Where a check goes on: at an offset of a pack, or (pack -1) at a directory of loose objects. */
export interface StorePlace {
  pack: number
  offset: number
}

export interface StoreVerified {
  findings: Array<StoreFinding>
  /** Null when everything was checked. */
  next: StorePlace | null
  /** Bytes that this step checked. */
  bytes: number
}

export interface StoredContent {
  /** The address: 64 hex digits. */
  hash: string
  size: number
  /** Plain bytes of the objects that are new. */
  fresh: number
  /** No NUL in it and valid UTF-8; false when not all of it was read. */
  text: boolean
  /** The bytes, when they are text and not more than `keepUpTo`. */
  content: Buffer | null | null
}

export interface StoredNode {
  /** 1 chunk, 2 list, 3 tree, 4 seal, 5 tag, 6 moved. */
  kind: number
  bytes: Buffer
}

/** fallocate(2). */
export declare function allocate(fd: number, mode: number, offset: number, length: number): Sys

/** Never follows a symlink (-EOPNOTSUPP for one). An empty name is the descriptor itself, O_PATH ones included. */
export declare function chmodAt(dirFd: number, name: Latin1, mode: number): Sys

/** Never follows a symlink; -1 keeps. An empty name is the descriptor itself. */
export declare function chownAt(dirFd: number, name: Latin1, uid: number, gid: number): Sys

export declare function closeFd(fd: number): Sys

/** Programs that this process starts do not get the descriptor. */
export declare function closeOnExec(fd: number): Sys

/** The address that a content would have in a store: 64 hex digits. */
export declare function contentAddress(segments: Doubles): string

/** Copies up to `length` bytes and returns how many; moves neither offset. With `sparse`, holes stay holes. */
export declare function copyRange(fromFd: number, fromOffset: number, toFd: number, toOffset: number, length: number, sparse: boolean): Sys

/**
 * The hunks of a unified diff ("@@ -a,b +c,d @@" and lines; no file header), with "\ No newline at end of file".
 * After `deadlineMs` it is no longer refined: coarser, and still right. With `ignoreWhiteSpace` lines are the same
 * that differ in nothing else.
 */
export declare function diffUnified(a: Bytes, b: Bytes, context: number, deadlineMs: number, ignoreWhiteSpace?: boolean | undefined | null): Buffer

export declare function dupFd(fd: number): Sys

/** A non-blocking eventfd. */
export declare function eventFd(): Sys

/**
 * The value, or -errno. Extended attributes are those of (dirFd, name), not following a symlink, or of the descriptor
 * when the name is empty.
 */
export declare function getXattr(dirFd: number, name: Latin1, attr: Latin1): Buffer | Sys

/** BLAKE3 in derive-key mode with `context`: 64 hex digits. */
export declare function hashBytes(bytes: Bytes, context: string): string

/** Never follows a symlink. An empty `from` links what `fromFd` is. */
export declare function linkAt(fromFd: number, from: Latin1, toFd: number, to: Latin1): Sys

/** All entries but . and .. with the facts of statIdentity, or -errno. One that vanishes meanwhile is left out. */
export declare function listDirectory(dirFd: number): Listing | Sys

/** The names of all attributes, or -errno. */
export declare function listXattr(dirFd: number, name: Latin1): Array<Latin1> | Sys

/** Exclusive, not waiting flock; -EWOULDBLOCK when held. */
export declare function lockExclusive(fd: number): Sys

/**
 * Makes the regular file `name` in `dirFd`, fills it from `segments`, cuts or extends it to `size`, gives it owner
 * (-1 keeps), xattrs, `user.ize`, mode and times. A file already there is emptied, stripped and refilled. Never
 * flushes. On an error, a file that this call made is removed.
 */
export declare function materialize(dirFd: number, name: Latin1, segments: Doubles, size: number, mode: number, uid: number, gid: number, xattrNames: Array<Latin1>, xattrValues: Array<Bytes>, identity: Bytes, aSec: number, aNsec: number, mSec: number, mNsec: number): Sys

export declare function mkdirAt(dirFd: number, name: Latin1, mode: number): Sys

/** `rdev` in the 32-bit encoding of FUSE (new_encode_dev). */
export declare function mknodAt(dirFd: number, name: Latin1, mode: number, rdev: number): Sys

/** As root: opens /dev/fuse and mounts it (nosuid, nodev, type fuse.ize). Returns the non-blocking descriptor. */
export declare function mountDirect(mountpoint: Latin1, options: Latin1, fsname: Latin1): Sys

/** As an ordinary user, through fusermount3. Returns the non-blocking descriptor, or throws with the helper's words. */
export declare function mountViaHelper(mountpoint: Latin1, options: Latin1, fsname: Latin1, helper: Latin1): number

export declare function openAt(dirFd: number, name: Latin1, flags: number, mode: number): Sys

/** Who connected (SO_PEERCRED), or -errno. */
export declare function peerCredentials(fd: number): PeerCredentials | Sys

/** Soft RLIMIT_NOFILE up to min(wanted, hard), never down; returns the soft limit now. */
export declare function raiseFileLimit(wanted: number): Sys

/** The target, or -errno. */
export declare function readlinkAt(dirFd: number, name: Latin1): Latin1 | Sys

export declare function removeXattr(dirFd: number, name: Latin1, attr: Latin1): Sys

export declare function renameAt2(fromFd: number, from: Latin1, toFd: number, to: Latin1, flags: number): Sys

/** dup2(/dev/null, fd): whatever `fd` was is released by this process even if other threads hold the number. */
export declare function replaceWithNull(fd: number): Sys

/** lseek(2): SEEK_DATA 3, SEEK_HOLE 4. */
export declare function seekFrom(fd: number, offset: number, whence: number): Sys

/** Of the calling thread only. */
export declare function setThreadNice(nice: number): Sys

/** Returns the umask before. */
export declare function setUmask(mask: number): Sys

export declare function setXattr(dirFd: number, name: Latin1, attr: Latin1, value: Bytes, flags: number): Sys

export declare function signalEvent(fd: number): Sys

/** statfs into `out`: bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, type. */
export declare function statFs(fd: number, out: Doubles): Sys

/**
 * stat without following into `out`, 15 doubles: mode, ino, nlink, uid, gid, rdev, size, blocks, aSec, aNsec, mSec,
 * mNsec, cSec, cNsec, dev (devices as new_encode_dev); the value of `user.ize` into `identity` (64 bytes). Returns the
 * length of the identity, 0 when there is none. An empty name is the descriptor itself.
 */
export declare function statIdentity(dirFd: number, name: Latin1, out: Doubles, identity: Bytes): Sys

export declare function symlinkAt(target: Latin1, dirFd: number, name: Latin1): Sys

/** fsync(2). */
export declare function syncAll(fd: number): Sys

/** fdatasync(2). */
export declare function syncData(fd: number): Sys

/** syncfs(2). */
export declare function syncFileSystem(fd: number): Sys

/** sync_file_range(2): starts write-back, waits for nothing. */
export declare function syncRange(fd: number, offset: number, length: number): Sys

export declare function truncateFd(fd: number, size: number): Sys

export declare function unlinkAt(dirFd: number, name: Latin1, flags: number): Sys

/** umount2(2). */
export declare function unmountDirect(mountpoint: Latin1, flags: number): Sys

/** A nanosecond of -1 omits that time, -2 is now. Never follows a symlink. An empty name is the descriptor itself. */
export declare function utimesAt(dirFd: number, name: Latin1, aSec: number, aNsec: number, mSec: number, mNsec: number): Sys

/**
 * `segments` are triples [fd, offset, length]; fd -1 is zeros, left as a hole where possible. Writes them one after
 * the other at `toOffset`; returns the bytes written, -EIO when a source ends early.
 */
export declare function writeSegments(toFd: number, toOffset: number, segments: Doubles): Sys
