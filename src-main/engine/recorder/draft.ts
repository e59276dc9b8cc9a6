import type { ChangeEntry } from '../history/change-metadata.ts'
import type { Inode } from '../namespace/inode.ts'

/** An entry of the change being made, with the inode whose content it takes along. */
export interface Draft {
  readonly entry: ChangeEntry
  /** null: nothing of the content changed, or it is gone. */
  readonly content: Inode | null
  readonly inode: Inode
  /** Where it was before the change, for what goes or moves; else empty. */
  readonly was: string
}
