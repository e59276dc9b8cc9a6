import { constants } from 'node:fs'
import * as native from './native.ts'

/** Of one system call; a path may be longer, its pieces not. */
const PIECE = 4000
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants

/**
 * Opens a path (latin1, relative, of any length) below a directory descriptor; '' is the directory itself. A symbolic
 * link at its end is not followed. Returns a descriptor or -errno.
 */
export function openBelow(rootFd: number, path: string, flags: number, mode = 0): number {
  let fd = rootFd
  let rest = path === '' ? '.' : path
  while (rest.length > PIECE) {
    const cut = rest.lastIndexOf('/', PIECE)
    const next = native.openAt(fd, rest.slice(0, cut), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    if (fd !== rootFd) native.closeFd(fd)
    if (next < 0) return next
    fd = next
    rest = rest.slice(cut + 1)
  }
  const opened = native.openAt(fd, rest, flags | O_NOFOLLOW, mode)
  if (fd !== rootFd) native.closeFd(fd)
  return opened
}
