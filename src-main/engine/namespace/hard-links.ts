import type { Inode } from './inode.ts'
import type { Namespace } from './namespace.ts'

/** Whether the file has visible names that nobody asked for yet: working/ says how many there are, not where. */
export function hasUnknownNames(inode: Inode): boolean {
  return !inode.isDirectory && inode.nlink > 0 && knownNames(inode) < inode.nlink
}

/**
 * Brings every visible name of these inodes into memory, with one walk over the tree. Costs a listing of every
 * directory, so it is for hard-linked files only, when their other names matter.
 */
export function findNames(space: Namespace, inodes: Iterable<Inode>): void {
  const wanted = new Set<number>()
  for (const inode of inodes) if (hasUnknownNames(inode)) wanted.add(inode.ino)
  search(space, space.root, wanted, (inode) => !hasUnknownNames(inode))
}

/** Brings an inode into memory by whatever name it has; false when it has none. Costs as much. */
export function findInode(space: Namespace, ino: number): boolean {
  search(space, space.root, new Set([ino]), () => true)
  return space.inodes.has(ino)
}

function search(space: Namespace, directory: Inode, wanted: Set<number>, isFound: (inode: Inode) => boolean): void {
  if (wanted.size === 0) return
  const directories: string[] = []
  for (const { name, ino, isDirectory } of space.tree.inodesOf(directory)) {
    // A changed name is in memory, or gone.
    if (directory.changed?.has(name)) continue
    if (isDirectory) directories.push(name)
    else if (wanted.has(ino)) {
      const inode = space.lookup(directory, name)
      if (inode && isFound(inode)) wanted.delete(ino)
    }
  }
  for (const name of directory.changed?.keys() ?? []) if (directory.kids?.get(name)?.isDirectory) directories.push(name)
  for (const name of directories) {
    if (wanted.size === 0) return
    const below = space.lookup(directory, name)
    if (!below?.isDirectory) continue
    // Held while the walk is below it: what is evicted takes the directories above along.
    below.lookups++
    search(space, below, wanted, isFound)
    below.lookups--
    space.evict(below)
  }
}

function knownNames(inode: Inode): number {
  return (inode.parent ? 1 : 0) + (inode.links?.length ?? 0)
}
