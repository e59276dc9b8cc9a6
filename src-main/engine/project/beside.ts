import { constants } from 'node:fs'
import { AT_REMOVEDIR, removeContents } from '../history/remove-contents.ts'
import { errno } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import { done } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
/** Where a file or folder that is brought into a mounted project is made before it gets its name. */
export const BESIDE = '.ize-import'

/** A folder in the root of a mounted project, made with its first use, in which things are made whole. */
export class Beside {
  private fd = -1

  constructor(private readonly root: number) {}

  open(): number {
    if (this.fd >= 0) return this.fd
    const made = native.mkdirAt(this.root, BESIDE, 0o700)
    if (made !== -errno.EEXIST) done(made, BESIDE)
    this.fd = done(native.openAt(this.root, BESIDE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), BESIDE)
    // An earlier run may have been ended here.
    removeContents(this.fd)
    return this.fd
  }

  /** Removes it; nothing is in it any more. */
  finish(): void {
    if (this.fd < 0) return
    native.closeFd(this.fd)
    done(native.unlinkAt(this.root, BESIDE, AT_REMOVEDIR), BESIDE)
    this.fd = -1
  }
}
