import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../../namespace/inode.ts'
import type { FileType } from '../../history/change-metadata.ts'
import { type DiskNode, type DiskTree } from './disk-tree.ts'
import type { LogSince } from './log-since.ts'
import { slotOf, type Wanted, type WantedNames } from './wanted.ts'

/** At the root: what was in tmp/ when the last run ended, under this and its number. */
export const ON_ITS_WAY = '.ize-on-its-way-'

export interface Knowledge {
  readonly disk: DiskTree
  readonly since: LogSince
  readonly names: WantedNames
  /** Files whose content history does not have. */
  readonly writing: ReadonlySet<number>
  readonly linkTarget: (node: DiskNode) => string
  /** Whether it has the content that history tells of. */
  readonly holds: (node: DiskNode, wanted: Wanted) => boolean
}

/** What has to be done to the names of working/. */
export interface NameDifferences {
  /** Without an identity, or with a wrong one, at the place of what it is. */
  readonly unmarked: readonly { readonly node: DiskNode; readonly ino: number }[]
  /** Found elsewhere; `Wanted.node` says which one is to come. */
  readonly misplaced: readonly DiskNode[]
  /** The log says that the name was removed, or the file has another one. */
  readonly dead: readonly DiskNode[]
  /** In the place of something else, or in what is to go, and perhaps the only copy of itself. */
  readonly inTheWay: readonly DiskNode[]
  /** Names that working/ is to have; those without a node are missing. */
  readonly wanted: readonly Wanted[]
}

/** Compares by number. What nobody asks for and nobody deleted stays where it is. Does nothing to the disk. */
export function compareNames(known: Knowledge): NameDifferences {
  const { disk, since, names } = known
  const byNumber = new Map<number, Wanted[]>()
  for (const one of names.wanted) byNumber.set(one.ino, [...(byNumber.get(one.ino) ?? []), one])
  const unmarked: { node: DiskNode; ino: number }[] = []
  const kept = new Set<DiskNode>()
  const slots = new Set<string>()
  const wanted: Wanted[] = []
  for (const one of names.wanted) {
    const there = disk.first(one.parent)?.kids?.get(one.name)
    // Another file took the name over and is being written: history will have it when it is closed.
    if (there && there.ino !== one.ino && !one.told && known.writing.has(there.ino)) continue
    wanted.push(one)
    slots.add(slotOf(one.parent, one.name))
    if (!there) continue
    const free = !disk.first(one.ino) && !one.told && !byNumber.has(there.ino)
    if (there.ino !== one.ino && free && sameKind(there, one) && known.holds(there, one)) {
      unmarked.push({ node: there, ino: one.ino })
      disk.renumber(there, one.ino, there.identity)
    }
    if (there.ino === one.ino && fits(known, there, one)) kept.add((one.node = there))
  }

  const misplaced: DiskNode[] = []
  const dead: DiskNode[] = []
  const inTheWay: DiskNode[] = []
  // Of several names of a file that have to move, one does; the others are given anew.
  const held = new Set([...kept].map(({ ino }) => ino))
  const visit = (directory: DiskNode, goes: boolean): void => {
    for (const node of directory.kids?.values() ?? []) {
      let below = false
      if (!kept.has(node)) {
        const slot = slotOf(directory.ino, node.name)
        const homeless = goes || slots.has(slot) || (directory === disk.root && node.name.startsWith(ON_ITS_WAY))
        const loose = homeless || names.emptied.has(slot)
        // One of several names, of which nobody says that it went, stays.
        const moves = loose || disk.named.get(node.ino)?.length === 1
        const place = moves ? byNumber.get(node.ino)?.find((one) => one.node === null) : undefined
        const spare = loose && held.has(node.ino)
        if (spare) dead.push(node)
        else if (place && sameKind(node, place)) {
          place.node = node
          misplaced.push(node)
        } else if (loose && since.gone.has(node.ino)) {
          dead.push(node)
          below = true
        } else if (homeless) inTheWay.push(node)
        if (place || homeless) held.add(node.ino)
      }
      visit(node, below)
    }
  }
  visit(disk.root, false)
  return { unmarked, misplaced, dead, inTheWay, wanted }
}

/** The number stands at its place; of links and special files the table alone says so, and it may be ahead. */
function fits({ disk, since, linkTarget }: Knowledge, node: DiskNode, wanted: Wanted): boolean {
  const target = since.born.has(wanted.ino) ? since.inodes.get(wanted.ino)?.target : wanted.state?.target
  const same = sameKind(node, wanted) && (typeof target !== 'string' || linkTarget(node) === target)
  if (!same) disk.disown(node)
  return same
}

function sameKind(node: DiskNode, { state }: Wanted): boolean {
  return state === null || typeOf(node) === state.type
}

export function typeOf({ stats }: DiskNode): FileType {
  const kind = (stats[0] ?? 0) & S_IFMT
  if (kind === S_IFREG) return 'file'
  if (kind === S_IFDIR) return 'directory'
  return kind === S_IFLNK ? 'symlink' : 'special'
}
