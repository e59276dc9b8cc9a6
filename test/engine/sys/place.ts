import { mkdtempSync, rmSync } from 'node:fs'
import { constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { check } from '../../../src-main/engine/sys/errno.ts'
import * as native from '../../../src-main/engine/sys/native.ts'

export const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_DIRECTORY, O_NONBLOCK } = constants

export interface Place {
  readonly path: string
  readonly fd: number
  /** Opens a file below; closed with the test. */
  open(name: string, flags: number): number
}

/** A directory that lives as long as the test, with its descriptor. */
export function newPlace(): Place {
  const path = mkdtempSync(join(tmpdir(), 'ize-sys-'))
  const open = (dirFd: number, name: string, flags: number): number => {
    const fd = check(native.openAt(dirFd, name, flags, 0o600), `openAt ${name}`)
    onTestFinished(() => void native.closeFd(fd))
    return fd
  }
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const fd = open(native.AT_FDCWD, path, O_RDONLY | O_DIRECTORY)
  return { path, fd, open: (name, flags) => open(fd, name, flags) }
}

/** A descriptor that keeps what is written until it is read: a named pipe, open at both ends, non-blocking. */
export function newPipe(place: Place, name = 'pipe'): number {
  check(native.mknodAt(place.fd, name, constants.S_IFIFO | 0o600, 0), `mknodAt ${name}`)
  return place.open(name, O_RDWR | O_NONBLOCK)
}

export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

export const segments = (...list: readonly (readonly [fd: number, offset: number, length: number])[]): Float64Array =>
  new Float64Array(list.flat())
