import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Native from '../../../native/index.d.ts'

// The native addon: see native/index.d.ts for every function. Its file lies in the directory of the package `ize`,
// which is above this file, be it a source or inside a bundle in out/.

export type * from '../../../native/index.d.ts'
// A class is a value too, and the values below hide its type.
export type NativeObjectStore = Native.NativeObjectStore
export type PijulRepository = Native.PijulRepository
export type ReplyLane = Native.ReplyLane

/** Words of a stat row: mode, ino, nlink, uid, gid, rdev, size, blocks, aSec, aNsec, mSec, mNsec, cSec, cNsec, dev. */
export const STAT_WORDS = 15
/** Room for the identity in `user.ize`. */
export const IDENTITY_BYTES = 64
/** As a directory descriptor: names are relative to the current directory of the process. */
export const AT_FDCWD = -100

function packageDirectory(from: string): string {
  for (let directory = from; ; directory = dirname(directory)) {
    const file = join(directory, 'package.json')
    if (existsSync(file) && nameOf(file) === 'ize') return directory
    if (directory === dirname(directory)) throw new Error(`There is no package "ize" above ${from}.`)
  }
}

function nameOf(packageFile: string): unknown {
  const parsed: unknown = JSON.parse(readFileSync(packageFile, 'utf8'))
  return typeof parsed === 'object' && parsed !== null && 'name' in parsed ? parsed.name : undefined
}

function load(): typeof Native {
  const file = join(packageDirectory(dirname(fileURLToPath(import.meta.url))), 'native', 'ize.node')
  try {
    // Its declarations are generated from the same code as the addon itself.
    return createRequire(import.meta.url)(file) as typeof Native
  } catch (cause) {
    throw new Error(`The native addon ${file} cannot be loaded: build it with "node native/build.mjs".`, {
      cause,
    })
  }
}

export const {
  NativeObjectStore,
  PijulRepository,
  ReplyLane,
  allocate,
  appendRecord,
  chmodAt,
  chownAt,
  closeFd,
  closeOnExec,
  contentAddress,
  copyRange,
  crc32c,
  diffUnified,
  dupFd,
  eventFd,
  getXattr,
  hashBytes,
  linkAt,
  listDirectory,
  listXattr,
  lockExclusive,
  materialize,
  mkdirAt,
  mknodAt,
  mountDirect,
  mountViaHelper,
  openAt,
  peerCredentials,
  raiseFileLimit,
  readAt,
  readRequest,
  readlinkAt,
  removeXattr,
  renameAt2,
  replaceWithNull,
  seekFrom,
  setThreadNice,
  setUmask,
  setXattr,
  signalEvent,
  statFs,
  statIdentity,
  symlinkAt,
  syncAll,
  syncData,
  syncFileSystem,
  syncRange,
  truncateFd,
  unlinkAt,
  unmountDirect,
  utimesAt,
  writeAt,
  writeReply,
  writeSegments,
} = load()
