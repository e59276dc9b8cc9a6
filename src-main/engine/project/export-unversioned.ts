import { constants } from 'node:fs'
import { removeContents } from '../history/remove-contents.ts'
import * as native from '../sys/native.ts'
import { hasCacheTag } from './cache-tag.ts'
import { Versioning } from './ignore.ts'
import { kindOf, S_IFDIR } from './import-types.ts'
import { openFolder, PlainCopy, type CopyCounts, type PlainCopyOptions } from './plain-copy.ts'

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants
/** The name that means the descriptor itself. */
const ITSELF = ''

export type UnversionedCounts = CopyCounts

export interface UnversionedOptions extends PlainCopyOptions {
  /** `working/` of the project, all operations applied. */
  readonly working: string
  /** Holds an export of the same project already, and nothing else. */
  readonly folder: string
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
}

/**
 * Completes an export by what has no history: its only copy is in working/. In a thread of its own. When it fails or is
 * cancelled, the folder is emptied. Errors: E_SPACE, E_EXPORT, E_CANCELLED.
 */
export function exportUnversioned(options: UnversionedOptions): UnversionedCounts {
  const working = openFolder(options.working)
  const folder = openFolder(options.folder)
  try {
    const copy = new UnversionedCopy(options, folder)
    copy.versioned(working, folder, '')
    return copy.counts()
  } catch (error) {
    removeContents(folder)
    throw error
  } finally {
    native.closeFd(working)
    native.closeFd(folder)
  }
}

class UnversionedCopy extends PlainCopy {
  private readonly versioning: Versioning
  private tagged = false

  constructor(options: UnversionedOptions, folder: number) {
    super(options, folder)
    this.versioning = new Versioning(options.patterns, () => this.tagged)
  }

  /** A folder that has a history: the export made it, what is below it is looked at one by one. */
  versioned(from: number, to: number, path: string): void {
    const before = this.files + this.directories
    for (const child of this.children(from, path)) {
      if (kindOf(child.stats) !== S_IFDIR) {
        if (!this.versioning.versioned(child.path, false)) this.leaf(from, to, child)
        continue
      }
      const below = this.openChild(from, child)
      if (below < 0) continue
      this.tagged = hasCacheTag(below)
      if (!this.versioning.versioned(child.path, true)) this.whole(below, to, child)
      else {
        const target = native.openAt(to, child.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        // Absent when it was made after the export was begun.
        if (target >= 0) {
          this.versioned(below, target, child.path)
          native.closeFd(target)
        }
      }
      native.closeFd(below)
    }
    if (this.files + this.directories > before) this.times(to, ITSELF, this.look(from), path)
  }
}
