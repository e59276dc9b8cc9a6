import { constants } from 'node:fs'
import { IzeError } from '../ize-error.ts'
import { errno } from '../sys/errno.ts'
import { reached } from '../sys/failpoint.ts'
import * as native from '../sys/native.ts'
import { factsAt } from './adopt-steps.ts'
import { Beside, BESIDE } from './beside.ts'
import { below, Comparison } from './compare-folders.ts'
import { S_IFDIR } from './import-types.ts'
import { type Child, done, PlainCopy } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
const RENAME_NOREPLACE = 1

/** What came of taking a folder in. Paths are latin1. */
export interface Adopted {
  /** Files and folders that are new in the project, a folder with all in it as one. */
  readonly taken: number
  /** Those that the project has as they are. */
  readonly same: number
  /** Those whose name the project has for something else: they stand beside it. */
  readonly renamed: readonly { readonly path: string; readonly as: string }[]
}

/**
 * Takes what is in a folder into a mounted project, as new files; nothing in the project is written over. Each is made
 * whole, compared byte for byte, and only then gets its name. Doing all of it again does nothing more.
 * Errors: E_SPACE, E_EXPORT.
 */
export class FoundAdopter {
  private readonly beside: Beside
  private readonly comparison = new Comparison(() => false)
  private taken = 0
  private same = 0
  private readonly renamed: { path: string; as: string }[] = []

  constructor(
    private readonly from: number,
    private readonly root: number,
    /** What tells a name apart that is taken: `found 2026-11-22 02.10.05`. */
    private readonly label: string,
  ) {
    this.beside = new Beside(root)
  }

  run(): Adopted {
    this.folder(this.from, this.root, '')
    this.beside.finish()
    return { taken: this.taken, same: this.same, renamed: this.renamed }
  }

  /** `path`: the folder's own, in the project. */
  private folder(from: number, to: number, path: string): void {
    const copy = this.copier()
    for (const child of copy.children(from, '')) this.child(from, to, path, child)
  }

  private child(from: number, to: number, path: string, child: Child): void {
    for (let attempt = 0; ; attempt++) {
      const as = attempt === 0 ? child.name : withLabel(child.name, this.label, attempt)
      if (path === '' && as === BESIDE) continue
      const now = factsAt(to, as)
      if (now === null) {
        if (!this.place(from, to, child, as)) continue
        this.taken++
      } else if (now.kind === S_IFDIR && (factsAt(from, child.name)?.kind ?? 0) === S_IFDIR) {
        this.both(from, to, child.name, as, below(path, as))
      } else if (this.comparison.sameContent(from, child.name, to, as)) this.same++
      else continue
      if (attempt > 0) this.renamed.push({ path: below(path, child.name), as: below(path, as) })
      return
    }
  }

  /** A folder that both have. */
  private both(from: number, to: number, name: string, as: string, path: string): void {
    const flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    const here = done(native.openAt(from, name, flags, 0), name)
    const there = native.openAt(to, as, flags, 0)
    try {
      done(there, path)
      this.folder(here, there, path)
    } finally {
      native.closeFd(here)
      if (there >= 0) native.closeFd(there)
    }
  }

  /** False: a program has taken the name meanwhile. */
  private place(from: number, to: number, child: Child, as: string): boolean {
    const beside = this.beside.open()
    if (factsAt(beside, child.name) === null) this.copier(beside).child(from, beside, child)
    if (!this.comparison.sameContent(from, child.name, beside, child.name)) {
      const message = `"${child.name}" was changed while it was taken in; try again when nothing writes there.`
      throw new IzeError('E_EXPORT', message, { path: child.name })
    }
    const placed = native.renameAt2(beside, child.name, to, as, RENAME_NOREPLACE)
    if (placed === -errno.EEXIST) return false
    done(placed, as)
    reached('found-placed')
    return true
  }

  private copier(folder = this.root): PlainCopy {
    return new PlainCopy({ cancelled: () => false, progress: () => undefined }, folder)
  }
}

/** `notes (found …).txt`, then `notes (found … 2).txt`: the ending stays, so that the right program opens it. */
export function withLabel(name: string, label: string, attempt: number): string {
  const dot = name.lastIndexOf('.')
  const at = dot < 1 ? name.length : dot
  return `${name.slice(0, at)} (${label}${attempt > 1 ? ` ${attempt}` : ''})${name.slice(at)}`
}
