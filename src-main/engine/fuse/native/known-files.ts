import type { Inode } from '../../namespace/inode.ts'
import { EBADF, EILSEQ, ENAMETOOLONG, ENOENT, ENOTDIR } from '../errno.ts'
import { release } from '../data.ts'
import { NAME_MAX } from '../names.ts'
import type { Volume } from '../volume.ts'
import { textToBytes } from './text-name.ts'

/** Files that stay in memory after they were last asked for: libfuse names every file by its whole path. */
const REMEMBERED = 4096

interface OpenFile {
  readonly inode: Inode
  readonly flags: number
}

/** Finds files by the paths of libfuse ("/a/b"), and open ones by the number they were given. */
export class KnownFiles {
  private readonly recent = new Set<Inode>()
  private readonly open = new Map<number, OpenFile>()
  private lastHandle = 0

  constructor(private readonly volume: Volume) {}

  get openCount(): number {
    return this.open.size
  }

  /** The inode, or -errno. */
  find(path: string): Inode | number {
    const bytes = textToBytes(path)
    if (bytes === null) return -EILSEQ
    let at = this.volume.space.root
    for (const name of bytes.split('/')) {
      if (name === '') continue
      if (name.length > NAME_MAX) return -ENAMETOOLONG
      if (!at.isDirectory) return -ENOTDIR
      const next = this.volume.space.lookup(at, name)
      if (!next) return -ENOENT
      at = next
    }
    this.remember(at)
    return at
  }

  /** The directory of a path and its last name, or -errno. */
  place(path: string): { readonly parent: Inode; readonly name: string } | number {
    const slash = path.lastIndexOf('/')
    const name = textToBytes(path.slice(slash + 1))
    if (name === null) return -EILSEQ
    const parent = this.find(path.slice(0, slash))
    if (typeof parent === 'number') return parent
    return parent.isDirectory ? { parent, name } : -ENOTDIR
  }

  /** A number for an open file, never 0: fuse-native takes that for none. */
  hold(inode: Inode, flags: number): number {
    do this.lastHandle = (this.lastHandle % 0x7fff_ffff) + 1
    while (this.open.has(this.lastHandle))
    this.open.set(this.lastHandle, { inode, flags })
    return this.lastHandle
  }

  held(handle: number): Inode | number {
    return this.open.get(handle)?.inode ?? -EBADF
  }

  release(handle: number): void {
    const file = this.open.get(handle)
    if (!file) return
    this.open.delete(handle)
    release(this.volume, file.inode, file.flags, 0)
  }

  /** It lost a name: one without any is not kept for another look-up. */
  lost(inode: Inode): void {
    if (!inode.isNamed) this.forget(inode)
  }

  remember(inode: Inode): void {
    if (!this.recent.delete(inode)) inode.lookups++
    this.recent.add(inode)
    if (this.recent.size > REMEMBERED) this.forget(this.recent.values().next().value as Inode)
  }

  private forget(inode: Inode): void {
    if (!this.recent.delete(inode)) return
    inode.lookups--
    inode.listing = null
    // What was loaded with a listing and never asked for.
    if (inode.kids) for (const kid of [...inode.kids.values()]) this.volume.space.evict(kid)
    this.volume.space.evict(inode)
  }
}
