import { constants } from 'node:fs'
import * as native from '../sys/native.ts'

export const AT_REMOVEDIR = 0x200
const S_IFMT = 0o170000
const S_IFDIR = 0o040000
const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/** Removes all that is in a directory that we filled ourselves, as far as it can be removed; symbolic links are not followed. */
export function removeContents(fd: number): void {
  const listing = native.listDirectory(fd)
  if (typeof listing === 'number') return
  listing.names.forEach((name, n) => {
    const mode = listing.stats[n * native.STAT_WORDS] ?? 0
    if ((mode & S_IFMT) !== S_IFDIR) {
      native.unlinkAt(fd, name, 0)
      return
    }
    native.chmodAt(fd, name, 0o700)
    const below = native.openAt(fd, name, flags, 0)
    if (below >= 0) {
      removeContents(below)
      native.closeFd(below)
    }
    native.unlinkAt(fd, name, AT_REMOVEDIR)
  })
}
