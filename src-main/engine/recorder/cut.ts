import type { Inode } from '../namespace/inode.ts'
import type { Namespace } from '../namespace/namespace.ts'
import type { Operation } from '../oplog/operation.ts'

/** A batch that touches more paths than this becomes one change, whatever was saved in it. */
const FEW_PATHS = 48

export type Granularity = 'op' | 'save' | 'batch'

/**
 * Says where a batch must end so that no version is lost: before an operation that would change, replace or remove
 * what was saved (changed and closed) in this very batch. A file born in the batch under a new name may still be
 * renamed or removed: that is how programs save, and what they leave of temporary files.
 */
export class Cutter {
  private readonly saved = new Set<number>()
  private readonly paths = new Set<string>()

  constructor(private readonly granularity: Granularity) {}

  /** The batch ends before this operation. */
  before(op: Operation, space: Namespace): boolean {
    if (this.granularity === 'op') return true
    if (this.granularity === 'batch' || this.paths.size > FEW_PATHS) return false
    switch (op.type) {
      case 'write':
      case 'truncate':
      case 'allocate':
        return this.saved.has(op.ino)
      case 'delete':
        return this.saved.has(op.ino) && this.keepsHistory(space.inodes.get(op.ino))
      case 'rename':
        return (
          (this.saved.has(op.ino) && this.keepsHistory(space.inodes.get(op.ino))) ||
          (op.replaced !== 0 && this.saved.has(op.replaced))
        )
      default:
        return false
    }
  }

  /** The operation is part of the batch. */
  took(op: Operation): void {
    this.paths.add(op.path)
    if (op.type === 'rename') this.paths.add(op.to)
    if (op.type === 'close') this.saved.add(op.ino)
  }

  /** It is not new under a new name: working/ has it, or had something else at its name. */
  private keepsHistory(inode: Inode | undefined): boolean {
    if (!inode?.parent) return false
    if (inode.baseDir !== null) return true
    return (inode.parent.changed?.get(inode.name)?.base ?? 0) !== 0
  }
}
