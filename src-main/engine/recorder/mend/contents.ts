import { constants } from 'node:fs'
import { IzeError } from '../../ize-error.ts'
import { IDENTITY_XATTR } from '../../namespace/identity.ts'
import { contentAddress, type ObjectStore } from '../../store/object-store.ts'
import * as native from '../../sys/native.ts'
import type { PresentState } from '../../store/tree/directory-entry.ts'

const PIECE = 1024 * 1024
const { O_RDWR, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants

/** Whether the file of a descriptor has the content of a version; not, when the store cannot tell. */
export function sameContent(fd: number, { size = 0, object }: PresentState, store: ObjectStore): boolean {
  if (native.seekFrom(fd, 0, 2) !== size || object === undefined) return false
  if (contentAddress(Float64Array.of(fd, 0, size)) === object) return true
  // Contents of the first format have addresses of another kind.
  try {
    return sameBytes(fd, size, object, store)
  } catch (error) {
    if (isUnreadable(error)) return false
    throw error
  }
}

/** The store does not have the content, or not whole. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof IzeError && (error.code === 'E_OBJECT_MISSING' || error.code === 'E_OBJECT_DAMAGED')
}

/** Whether the store can give a version's content back, as far as can be told without reading it all. */
export function isReadable(store: ObjectStore, { object }: PresentState): boolean {
  if (object === undefined) return false
  try {
    store.readRange(object, 0, 1)
    return true
  } catch (error) {
    if (isUnreadable(error)) return false
    throw error
  }
}

function sameBytes(fd: number, size: number, object: string, store: ObjectStore): boolean {
  const bytes = Buffer.alloc(Math.min(size, PIECE))
  for (let at = 0; at < size; at += bytes.length) {
    const length = Math.min(bytes.length, size - at)
    if (native.readAt(fd, bytes, 0, length, at) !== length) return false
    if (!store.readRange(object, at, length).equals(bytes.subarray(0, length))) return false
  }
  return true
}

/** Gives the file of a descriptor the content of a version. Errors: those of the store, and of the disk. */
export async function writeContent(fd: number, object: string, store: ObjectStore): Promise<void> {
  // Before anything is cut: whether the store has it, as far as can be told without reading it all.
  store.readRange(object, 0, 1)
  done(native.truncateFd(fd, 0))
  done(native.seekFrom(fd, 0, 0))
  await store.copyTo(object, fd)
}

/** Makes (or makes anew) a file with a content and an identity, outside of working/. */
export async function stageContent(file: string, object: string, identity: Buffer, store: ObjectStore): Promise<void> {
  const flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW
  const fd = done(native.openAt(native.AT_FDCWD, Buffer.from(file).toString('latin1'), flags, 0o600))
  try {
    await store.copyTo(object, fd)
    // Last, so that what has its identity is whole.
    done(native.setXattr(fd, '', IDENTITY_XATTR, identity, 0))
  } finally {
    native.closeFd(fd)
  }
}

/** Copies what is in one descriptor's file into a new file. */
export function copyAside(fd: number, directory: number, name: string): boolean {
  const copy = native.openAt(directory, name, O_RDWR | O_CREAT | constants.O_EXCL | O_NOFOLLOW, 0o600)
  if (copy < 0) return false
  const size = native.seekFrom(fd, 0, 2)
  for (let at = 0; at < size;) {
    const copied = done(native.copyRange(fd, at, copy, at, size - at, true))
    if (copied === 0) break
    at += copied
  }
  native.closeFd(copy)
  return true
}

export function done(result: number): number {
  if (result >= 0) return result
  const code = result === -28 || result === -122 ? 'ENOSPC' : 'EIO'
  throw Object.assign(new Error(`working/ could not be mended (errno ${-result})`), { code, errno: result })
}
