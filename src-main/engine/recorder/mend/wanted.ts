import { depthOf } from '../../history/paths.ts'
import type { PresentState } from '../../store/tree/directory-entry.ts'
import type { WalkedEntry } from '../../store/tree/tree.ts'
import type { DiskNode, DiskTree } from './disk-tree.ts'
import type { LogSince } from './log-since.ts'

/** A name that working/ is to have. */
export interface Wanted {
  readonly path: string
  readonly name: string
  readonly ino: number
  /** Number of its directory. */
  readonly parent: number
  /** What history has of it; null: nothing, the name is known from the log. */
  readonly state: PresentState | null
  /** The log tells of this name. */
  readonly told: boolean
  /** What is there, or is to come there from elsewhere in working/. */
  node: DiskNode | null
}

export interface WantedNames {
  /** Directories before what is in them. */
  readonly wanted: readonly Wanted[]
  /** Places (`slotOf`) that the log left without anything. */
  readonly emptied: ReadonlySet<string>
  /** Number of the directory at a path; null: there is none, and none is to be. */
  readonly directory: (path: string) => number | null
}

export function slotOf(directory: number, name: string): string {
  return `${directory}/${name}`
}

/**
 * The names that history's newest tree and the operations since working/ was synced ask for; where both tell of a name, the
 * log is newer. A place is a directory's number and a name, so that it does not matter where the directory is found.
 */
export function wantedNames(
  disk: DiskTree,
  since: LogSince,
  tree: Iterable<WalkedEntry>,
  newNumber: () => number,
): WantedNames {
  const asked = new Map<string, Pick<Wanted, 'ino' | 'state' | 'told'>>()
  for (const { path, state } of tree) {
    const ino = since.names.at(path)
    if (ino === null || ino === state.ino) asked.set(path, { ino: state.ino, state, told: ino !== null })
  }
  const emptied: string[] = []
  for (const { path, ino } of since.names.told()) {
    if (ino === 0) emptied.push(path)
    else if (ino !== null && !asked.has(path)) asked.set(path, { ino, state: null, told: true })
  }
  const wanted: Wanted[] = []
  const directories = new Map<string, number | null>([['', 1]])
  const directory = (path: string): number | null => {
    let ino = directories.get(path)
    if (ino === undefined) {
      const [above, name] = parted(path)
      const at = directory(above)
      const node = at === null ? undefined : disk.first(at)?.kids?.get(name)
      directories.set(path, (ino = node?.kids ? node.ino : null))
    }
    return ino
  }
  const want = (path: string, { ino, state, told }: Pick<Wanted, 'ino' | 'state' | 'told'>): void => {
    const [above, name] = parted(path)
    let parent = directory(above)
    if (parent === null) {
      // Nobody tells of it, but something is to be in it.
      want(above, { ino: 0, state: { type: 'directory', ino: 0, present: true }, told: false })
      parent = directory(above) ?? 1
    }
    const there = disk.first(parent)?.kids?.get(name)
    const number = ino !== 0 ? ino : there?.kids ? there.ino : newNumber()
    wanted.push({ path, name, ino: number, parent, state, told, node: null })
    if (state?.type === 'directory' || since.inodes.get(number)?.isDirectory === true || disk.first(number)?.kids) {
      directories.set(path, number)
    }
  }
  const fromTop = [...asked].map(([path, one]) => ({ path, one, depth: depthOf(path) }))
  fromTop.sort((a, b) => a.depth - b.depth)
  for (const { path, one } of fromTop) want(path, one)
  const slots = emptied.flatMap((path) => {
    const [above, name] = parted(path)
    const at = directory(above)
    return at === null ? [] : [slotOf(at, name)]
  })
  return { wanted, emptied: new Set(slots), directory }
}

function parted(path: string): readonly [above: string, name: string] {
  const slash = path.lastIndexOf('/')
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)]
}
