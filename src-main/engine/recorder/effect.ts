import { findNames } from '../namespace/hard-links.ts'
import type { Inode } from '../namespace/inode.ts'
import type { Namespace } from '../namespace/namespace.ts'

/** A name that a directory of working/ has (`gone`) or will have (`come`). Paths are latin1, relative to the project. */
export interface NameEffect {
  readonly directory: Inode
  readonly name: string
  readonly path: string
}

/** What a batch did to one inode, all in all. */
export interface InodeEffect {
  readonly inode: Inode
  /** It is in working/ now. */
  readonly hadBase: boolean
  /** Names in working/ that it loses, by their paths there. */
  readonly gone: NameEffect[]
  /** Names it gets, by their visible paths. */
  readonly come: NameEffect[]
}

/**
 * The net effect of a batch: what differs between working/ (the namespace's base) and the visible tree. What was made
 * and removed within the batch does not appear.
 */
export interface Effect {
  readonly inodes: ReadonlyMap<number, InodeEffect>
  /** Path in working/ of a directory that is there. */
  readonly basePath: (directory: Inode) => string
}

export function computeEffect(space: Namespace): Effect {
  // Every name of a file is told of what happened to it, and one is needed to find it in working/.
  findNames(space, space.inodes.values())
  const inodes = new Map<number, InodeEffect>()
  const paths = new Map<Inode, string>()
  const basePath = (directory: Inode): string => {
    if (directory.baseDir === null) return ''
    let path = paths.get(directory)
    if (path === undefined) paths.set(directory, (path = below(basePath(directory.baseDir), directory.baseName)))
    return path
  }
  const visible = new Map<Inode, string>()
  const visiblePath = (directory: Inode): string => {
    if (directory.parent === null) return ''
    let path = visible.get(directory)
    if (path === undefined) visible.set(directory, (path = below(visiblePath(directory.parent), directory.name)))
    return path
  }
  const of = (inode: Inode): InodeEffect => {
    let effect = inodes.get(inode.ino)
    if (!effect) {
      effect = { inode, hadBase: inode.baseDir !== null || inode.ino === 1, gone: [], come: [] }
      inodes.set(inode.ino, effect)
    }
    return effect
  }
  for (const inode of space.dirty) {
    if (inode.nlink > 0 || inode.baseDir !== null) of(inode)
    for (const [name, { base }] of inode.changed ?? []) {
      const kid = inode.kids?.get(name)
      if (base === (kid?.ino ?? 0)) continue
      const before = base === 0 ? undefined : space.inodes.get(base)
      if (before) of(before).gone.push({ directory: inode, name, path: below(basePath(inode), name) })
      if (kid) of(kid).come.push({ directory: inode, name, path: below(visiblePath(inode), name) })
    }
  }
  return { inodes, basePath }
}

export function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`
}

export function depth(path: string): number {
  let slashes = 0
  for (let i = 0; i < path.length; i++) if (path.charCodeAt(i) === 47) slashes++
  return slashes
}
