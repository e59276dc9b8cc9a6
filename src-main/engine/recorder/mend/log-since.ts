import { Inode, S_IFDIR } from '../../namespace/inode.ts'
import { fill } from '../../namespace/namespace.ts'
import { apply, RENAME_EXCHANGE, type Reducible } from '../../namespace/reduce.ts'
import { type Ino, type Operation, SET_MTIME } from '../../oplog/operation.ts'
import type { LogRecord } from '../../oplog/oplog-reader.ts'
import type { DiskNode } from './disk-tree.ts'
import { NameTrie } from './name-trie.ts'

/** What working/ has of an inode: its entry, and how to read its extended attributes. */
export interface Bases {
  find(ino: number): DiskNode | undefined
  xattrs(node: DiskNode): Map<string, Buffer>
}

/**
 * What the operations since working/ was last synced make of each inode they name, by number: they are never run on the
 * tree as it is found, which may have any of their effects and lack any. Contents and attributes are the reducer's work, over
 * what working/ has of the inode; done twice they give the same, so it does not matter which of them it has already.
 */
export class LogSince implements Reducible {
  readonly inodes = new Map<number, Inode>()
  readonly dirty = new Set<Inode>()
  readonly orphans = new Set<Inode>()
  nextIno = 0
  /** Made by these operations: the log has all of it. */
  readonly born = new Set<number>()
  /** Names of these were removed or given to others. */
  readonly gone = new Set<number>()
  readonly names = new NameTrie()
  operations = 0
  /** Stands for the directory of whatever an operation is about: which one it is does not matter to the inode. */
  private readonly above = new Inode(0 as Ino, S_IFDIR)

  constructor(
    records: Iterable<LogRecord>,
    private readonly bases: Bases,
  ) {
    for (const record of records) {
      this.take(record)
      this.operations++
    }
  }

  place(path: string): { directory: Inode; name: string } {
    return { directory: this.above, name: path }
  }

  lookup(): null {
    return null
  }

  resolve(): null {
    return null
  }

  xattrs(inode: Inode): Map<string, Buffer> {
    const node = this.bases.find(inode.ino)
    return (inode.xattrs ??= node ? this.bases.xattrs(node) : new Map<string, Buffer>())
  }

  private take(record: LogRecord): void {
    const { op } = record
    const change = (): void => apply(this, op, record.position, record.dataPosition)
    if (op.ino >= this.nextIno) this.nextIno = op.ino + 1
    switch (op.type) {
      case 'create':
      case 'mkdir':
      case 'mknod':
      case 'symlink':
        this.born.add(op.ino)
        change()
        this.names.tell(op.path, op.ino)
        return this.stamp(op, op.path)
      case 'link':
        if (this.known(op.ino)) change()
        this.names.tell(op.path, op.ino)
        return this.stamp(op, op.path)
      case 'delete':
      case 'rmdir':
        this.gone.add(op.ino)
        this.changed(op.ino, op)
        this.names.tell(op.path, 0)
        return this.stamp(op, op.path)
      case 'rename':
        return this.rename(op)
      case 'setattr':
        if (op.valid & SET_MTIME && (op.path !== '' || op.ino === 1)) this.names.stamp(op.path, null)
        if (this.known(op.ino)) change()
        return
      case 'close':
      case 'program':
        return
      default:
        if (this.known(op.ino)) change()
    }
  }

  private rename(op: Extract<Operation, { type: 'rename' }>): void {
    const exchange = (op.flags & RENAME_EXCHANGE) !== 0
    if (op.replaced !== 0) {
      if (!exchange) this.gone.add(op.replaced)
      this.changed(op.replaced, op)
    }
    this.changed(op.ino, op)
    this.names.move(op.path, op.to, op.ino, exchange ? op.replaced : 0)
    this.stamp(op, op.path)
    this.stamp(op, op.to)
  }

  private stamp(op: Operation, path: string): void {
    this.names.stamp(path.slice(0, Math.max(0, path.lastIndexOf('/'))), [op.sec, op.nsec])
  }

  /** A name of it came or went. */
  private changed(ino: number, op: Operation): void {
    const inode = this.known(ino)
    if (!inode) return
    inode.cSec = op.sec
    inode.cNsec = op.nsec
    this.dirty.add(inode)
  }

  /** Null: working/ does not have it, so nothing can be made of operations on it. */
  private known(ino: number): Inode | null {
    const known = this.inodes.get(ino)
    if (known) return known
    const node = this.bases.find(ino)
    if (!node) return null
    const inode = inodeOf(node)
    // Cuts and extents lie over what working/ has.
    inode.setBase(this.above, '')
    this.inodes.set(ino, inode)
    return inode
  }
}

/** The inode as working/ has it. */
export function inodeOf({ ino, identity, stats }: DiskNode): Inode {
  const inode = new Inode(ino as Ino, stats[0] ?? 0)
  fill(inode, { identity: identity ?? strangerOf(ino, stats), stats })
  return inode
}

function strangerOf(ino: number, stats: Float64Array): NonNullable<DiskNode['identity']> {
  const [ctimeSec = 0, ctimeNsec = 0] = stats.subarray(12)
  const mode = (stats[0] ?? 0) & 0o7777
  const identity = { ino: ino as Ino, mode, sparse: false, ctimeSec, ctimeNsec, applied: 0 as const }
  return { ...identity, btimeSec: ctimeSec, btimeNsec: ctimeNsec }
}
