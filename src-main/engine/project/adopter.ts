import { constants } from 'node:fs'
import { AT_REMOVEDIR, removeContents } from '../history/remove-contents.ts'
import * as native from '../sys/native.ts'
import { openBelow } from '../sys/open-path.ts'
import { factsAt, factsOf, sameFacts, type AdoptStep, type Facts } from './adopt-steps.ts'
import { Beside } from './beside.ts'
import { S_IFDIR } from './import-types.ts'
import { done, PlainCopy } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants

/**
 * Does adopt steps below a mounted root by ordinary system calls. What programs have changed in the mount since the steps
 * were made stays as it is and is named in `left`. Doing all of it again does nothing more. Errors: E_SPACE, E_EXPORT.
 */
export class Adopter {
  /** Paths (latin1) that were left alone. */
  readonly left: string[] = []
  private readonly beside: Beside

  constructor(
    private readonly from: number,
    private readonly root: number,
  ) {
    this.beside = new Beside(root)
  }

  step(step: AdoptStep): void {
    const { path, kind, expected } = step
    const slash = path.lastIndexOf('/')
    const [folder, name] = slash === -1 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)]
    const parent = openBelow(this.root, folder, O_RDONLY | O_DIRECTORY)
    if (parent < 0) return void (kind === 'take' && this.left.push(path))
    try {
      const now = factsAt(parent, name)
      if (kind === 'remove') {
        if (now === null) return
        if (!sameFacts(now, expected, S_IFDIR)) return void this.left.push(path)
        this.remove(parent, name, path, now)
      } else this.take(parent, folder, name, path, now, expected)
    } finally {
      native.closeFd(parent)
    }
  }

  finish(): void {
    this.beside.finish()
  }

  private take(
    parent: number,
    folder: string,
    name: string,
    path: string,
    now: Facts | null,
    expected: Facts | null,
  ): void {
    const source = openBelow(this.from, folder, O_RDONLY | O_DIRECTORY)
    if (source < 0) return
    try {
      const beside = this.beside.open()
      const copy = new PlainCopy({ cancelled: () => false, progress: () => undefined }, beside)
      const child = copy.children(source, '').find((one) => one.name === name)
      if (!child || sameFacts(now, factsOf(child.stats), S_IFDIR)) return
      if (!sameFacts(now, expected, S_IFDIR)) return void this.left.push(path)
      // Whole before it has its name, a folder too: ended in the middle, it is begun anew.
      copy.child(source, beside, child)
      done(native.renameAt2(beside, name, parent, name, 0), path)
    } finally {
      native.closeFd(source)
    }
  }

  private remove(parent: number, name: string, path: string, now: Facts): void {
    if (now.kind !== S_IFDIR) return void done(native.unlinkAt(parent, name, 0), path)
    const fd = done(native.openAt(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), path)
    removeContents(fd)
    native.closeFd(fd)
    done(native.unlinkAt(parent, name, AT_REMOVEDIR), path)
  }
}
