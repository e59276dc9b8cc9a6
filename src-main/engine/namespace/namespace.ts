import type { Ino } from '../oplog/operation.ts'
import { IzeError } from '../ize-error.ts'
import { Inode, S_IFDIR } from './inode.ts'
import { makeListing, type Listing } from './listing.ts'
import type { Sidecar } from './sidecar.ts'
import { WorkingTree, type BaseEntry } from './working-tree.ts'

export interface NamespaceOptions {
  readonly working: string
  readonly tmp: string
  readonly sidecar: Sidecar
  /** Next free inode number. */
  readonly nextIno: number
  /** Called when a base is not where it was: take in what the applier published since. */
  readonly follow?: () => void
}

/**
 * The visible tree: working/ under everything that the log holds beyond it. In memory is what differs from working/
 * or is known to the kernel. The reducer (reduce.ts) is the only one that changes what programs see.
 */
export class Namespace {
  readonly root = new Inode(1 as Ino, S_IFDIR)
  readonly inodes = new Map<number, Inode>([[1, this.root]])
  /** Inodes with operations that working/ has not taken in. */
  readonly dirty = new Set<Inode>()
  /** Inodes without a name that someone still holds: their bytes in the log stay. */
  readonly orphans = new Set<Inode>()
  readonly tree: WorkingTree
  nextIno: number

  constructor(options: NamespaceOptions) {
    this.nextIno = options.nextIno
    this.tree = new WorkingTree(
      this.root,
      options.working,
      options.tmp,
      options.sidecar,
      () => this.allocateIno(),
      options.follow ?? ((): void => undefined),
    )
    fill(this.root, this.tree.rootEntry())
    this.root.lookups = 1
  }

  allocateIno(): Ino {
    return this.nextIno++ as Ino
  }

  /** The inode at `name`, or null. */
  lookup(directory: Inode, name: string): Inode | null {
    const kid = (directory.kids as Map<string, Inode>).get(name)
    if (kid) return kid
    if (directory.changed?.has(name)) return null
    const entry = this.tree.entry(directory, name)
    return entry ? this.admit(directory, name, entry) : null
  }

  /** The inode at a path relative to the root, or null. */
  resolve(path: string): Inode | null {
    let at: Inode = this.root
    if (path === '') return at
    for (const name of path.split('/')) {
      if (!at.isDirectory) return null
      const next = this.lookup(at, name)
      if (!next) return null
      at = next
    }
    return at
  }

  /** The directory of a path and its last name. */
  place(path: string): { directory: Inode; name: string } {
    const slash = path.lastIndexOf('/')
    const directory = slash < 0 ? this.root : this.resolve(path.slice(0, slash))
    if (!directory?.isDirectory) {
      throw new IzeError('E_LOG_TREE', `The log names "${path}", whose directory is not in working/; run "ize doctor".`)
    }
    return { directory, name: path.slice(slash + 1) }
  }

  /** Every visible name of the directory, in its lasting order. */
  list(directory: Inode): Listing {
    if (directory.listing) return directory.listing
    const names = new Set(this.tree.names(directory))
    if (directory.changed) {
      for (const name of directory.changed.keys()) {
        if (directory.kids?.has(name)) names.add(name)
        else names.delete(name)
      }
    }
    return (directory.listing = makeListing([...names]))
  }

  /** Brings every entry of the directory into memory with one listing: cheaper than one look-up per name. */
  loadAll(directory: Inode): void {
    for (const [name, entry] of this.tree.entries(directory)) {
      if (!directory.kids?.has(name) && !directory.changed?.has(name)) this.admit(directory, name, entry)
    }
  }

  /** Whether the directory shows no name. */
  isEmpty(directory: Inode): boolean {
    if ((directory.kids as Map<string, Inode>).size > 0) return false
    return this.list(directory).names.length === 0
  }

  xattrs(inode: Inode): Map<string, Buffer> {
    return (inode.xattrs ??= this.tree.xattrs(inode))
  }

  target(inode: Inode): string {
    return (inode.target ??= this.tree.readlink(inode))
  }

  /** Drops the inode from memory when nothing needs it; then, perhaps, its directory. */
  evict(inode: Inode): void {
    let at: Inode | null = inode
    while (at !== null && at.lookups === 0 && at.opens === 0 && at.lastPosition === 0 && at.ino !== 1) {
      if (at.isDirectory && (at.kids!.size > 0 || at.baseKids > 0 || (at.changed?.size ?? 0) > 0)) return
      const above: Inode | null = at.parent
      const base: Inode | null = at.baseDir
      above?.kids?.delete(at.name)
      for (const link of at.links ?? []) link.parent.kids?.delete(link.name)
      for (const link of at.links ?? []) if (link.parent !== above) this.evict(link.parent)
      this.tree.release(at)
      at.setBase(null, '')
      at.parent = null
      at.links = null
      this.inodes.delete(at.ino)
      this.orphans.delete(at)
      if (base && base !== above) this.evict(base)
      at = above
    }
  }

  /**
   * working/ has taken in every operation before `position`: what these changed is forgotten. Bases have been moved
   * (moveBase) before.
   */
  retire(position: number): void {
    for (const inode of this.dirty) {
      const changed = inode.changed
      if (changed) {
        if (inode.lastPosition < position) changed.clear()
        else for (const [name, change] of changed) if (change.position < position) changed.delete(name)
      }
      // What has no name any more gets nothing from a plan: memory alone knows what was done to it.
      if (inode.nlink > 0) {
        retireData(inode, position)
        if (inode.xattrPosition < position) {
          inode.xattrPosition = 0
          inode.xattrs = null
        }
      }
      if (inode.lastPosition >= position) continue
      inode.lastPosition = 0
      inode.attributePosition = 0
      inode.dataPosition = 0
      this.dirty.delete(inode)
      if (inode.nlink <= 0 && !this.orphans.has(inode)) inode.setBase(null, '')
      this.evict(inode)
    }
  }

  /** The applier moved the base of an inode: into `directory`, or out of working/ (null). */
  moveBase(inode: Inode, directory: Inode | null, name: string): void {
    const before = inode.baseDir
    inode.setBase(directory, name)
    if (before && before !== directory) this.evict(before)
  }

  close(): void {
    this.tree.close()
  }

  /** Takes an entry of working/ into memory; an inode that is known already (a hard link) gets one more name. */
  private admit(directory: Inode, name: string, entry: BaseEntry): Inode {
    const known = this.inodes.get(entry.identity.ino)
    if (known && !known.isDirectory && known.nlink > 0) {
      if (known.parent === null) {
        known.parent = directory
        known.name = name
      } else {
        ;(known.links ??= []).push({ parent: directory, name })
      }
      directory.kids!.set(name, known)
      if (known.baseDir === null) known.setBase(directory, name)
      return known
    }
    if (known) {
      throw new IzeError('E_WORKING', `Inode ${known.ino} stands twice in working/ ("${name}"); run "ize doctor".`)
    }
    const inode = new Inode(entry.identity.ino, entry.stats[0] as number)
    if (inode.ino >= this.nextIno) this.nextIno = inode.ino + 1
    fill(inode, entry)
    inode.parent = directory
    inode.name = name
    inode.setBase(directory, name)
    directory.kids!.set(name, inode)
    this.inodes.set(inode.ino, inode)
    return inode
  }
}

/** What working/ says of an inode. */
export function fill(inode: Inode, { identity, stats }: BaseEntry): void {
  inode.mode = ((stats[0] as number) & 0o170000) | identity.mode
  inode.uid = stats[3] as number
  inode.gid = stats[4] as number
  inode.rdev = stats[5] as number
  inode.size = inode.isDirectory ? 4096 : (stats[6] as number)
  inode.aSec = stats[8] as number
  inode.aNsec = stats[9] as number
  inode.mSec = stats[10] as number
  inode.mNsec = stats[11] as number
  inode.cSec = identity.ctimeSec
  inode.cNsec = identity.ctimeNsec
  inode.bSec = identity.btimeSec
  inode.bNsec = identity.btimeNsec
  inode.sparse = identity.sparse
  const links = stats[2] as number
  if (inode.isDirectory) inode.subdirs = links >= 2 ? links - 2 : -1
  else inode.nlink = links
}

function retireData(inode: Inode, position: number): void {
  if (inode.dataPosition < position) {
    inode.extents = null
    inode.cuts = null
    return
  }
  inode.extents?.dropBefore(position)
  if (!inode.cuts) return
  const left: number[] = []
  for (let i = 0; i < inode.cuts.length; i += 2) {
    if ((inode.cuts[i] as number) >= position) left.push(inode.cuts[i] as number, inode.cuts[i + 1] as number)
  }
  inode.cuts = left.length > 0 ? left : null
}
