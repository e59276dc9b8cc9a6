import type { ChangeEntry } from '../history/change-metadata.ts'
import type { Inode } from '../namespace/inode.ts'

/** An entry of the change being made, with the inode whose content it takes along. */
export interface Draft {
  readonly entry: ChangeEntry
  /** null: nothing of the content changed, or it is gone. */
  readonly content: Inode | null
}
