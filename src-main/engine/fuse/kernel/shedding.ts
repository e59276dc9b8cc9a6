import type { Inode } from '../../namespace/inode.ts'
import type { Namespace } from '../../namespace/namespace.ts'
import type { ReplyLane } from '../../sys/native.ts'

/** Inodes kept for the kernel's sake before it is asked to let go of some. */
const KEPT = 200_000
/** How many it is asked for at a time, and how often it is looked at (in inodes that came since). */
const LOT = 20_000
const NOTIFY_INVAL_ENTRY = 3

/**
 * Bounds the memory of a tree that was walked once: the kernel keeps every name it has seen as long as it has room, and
 * the namespace keeps an inode for each. Beyond a number the kernel is told to drop names of files that nobody has open
 * and that are as in working/; it answers with FORGETs.
 *
 * The notifications go out from a thread of their own: the kernel may make their sender wait for a request that the
 * mount thread has yet to answer.
 */
export class Shedding {
  private next = KEPT

  constructor(
    private readonly space: Namespace,
    private readonly notifier: ReplyLane,
  ) {}

  /** Called now and then, between requests. */
  consider(): void {
    const { inodes } = this.space
    if (inodes.size < this.next) return
    let asked = 0
    // In the order in which they came: the oldest first.
    for (const inode of inodes.values()) {
      if (!isIdle(inode)) continue
      this.notifier.send(invalidation(inode.parent, inode.name))
      if (++asked >= LOT) break
    }
    this.next = Math.max(KEPT, inodes.size + LOT / 2)
  }
}

function isIdle(inode: Inode): inode is Inode & { readonly parent: Inode } {
  return (
    inode.parent !== null &&
    inode.lookups > 0 &&
    inode.opens === 0 &&
    inode.lastPosition === 0 &&
    (inode.kids === null || inode.kids.size === 0)
  )
}

/** fuse_out_header with the notification's code for an error, then parent, length of the name, flags, name and NUL. */
function invalidation(parent: Inode, name: string): Buffer {
  const out = Buffer.alloc(16 + 16 + name.length + 1)
  out.writeUInt32LE(out.length, 0)
  out.writeInt32LE(NOTIFY_INVAL_ENTRY, 4)
  out.writeUInt32LE(parent.ino >>> 0, 16)
  out.writeUInt32LE(Math.floor(parent.ino / 0x1_0000_0000), 20)
  out.writeUInt32LE(name.length, 24)
  out.write(name, 32, 'latin1')
  return out
}
