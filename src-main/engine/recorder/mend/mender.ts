import type { WalkedEntry } from '../../store/tree/tree.ts'
import type { Executor } from '../execute.ts'
import { compareNames, typeOf, type NameDifferences } from './compare.ts'
import { sameContent } from './contents.ts'
import { type DiskNode, DiskTree, pathOf } from './disk-tree.ts'
import { compareFiles, mendAttributes, mendContents } from './mend-files.ts'
import { clearTmp, mendNames } from './mend-names.ts'
import { LogSince } from './log-since.ts'
import type { Difference, Mending, MendWork } from './mending.ts'
import { wantedNames, type Wanted, type WantedNames } from './wanted.ts'
import { WorkingFiles } from './working-files.ts'

export interface Mended {
  readonly differences: readonly Difference[]
  /** No number from here on is in use. */
  readonly nextIno: number
}

/**
 * Brings working/ to what it was after an operation, from whatever the machine's end or a hand made of it: names by the
 * newest tree and the log, by inode number; contents of versioned files by the store, those of others by the log. What
 * is neither versioned nor told of by the log is never removed, replaced or written. Ended midway, it is done again from
 * the start.
 */
export async function mend(work: MendWork, executor: Executor): Promise<Mended> {
  clearTmp(work)
  return look(work, async (mending, names) => {
    const restored = await mendNames(mending, names, executor)
    const done = await mendContents(mending, names, executor)
    mendAttributes(mending, names, restored, done, executor)
    executor.sync()
  })
}

/** Names what is not as it should be. `missing`, `misplaced`, `changed`, `unmarked`: `mend` puts it right. */
export async function inspect(work: MendWork): Promise<readonly Difference[]> {
  const { differences } = await look(work, (mending, names) => {
    const note = (what: Difference['what'], nodes: readonly DiskNode[]): void => {
      for (const node of nodes) mending.differences.push({ what, path: pathOf(node) })
    }
    note('misplaced', names.misplaced)
    note(
      'unmarked',
      names.unmarked.map(({ node }) => node),
    )
    for (const { path, node } of names.wanted) if (!node) mending.differences.push({ what: 'missing', path })
    for (const { node } of compareFiles(mending, names.wanted)) note('changed', [node])
    return Promise.resolve()
  })
  return differences
}

type Names = NameDifferences & Pick<WantedNames, 'directory'>

async function look(work: MendWork, then: (mending: Mending, names: Names) => Promise<void>): Promise<Mended> {
  const disk = new DiskTree(work.layout.working, work.sidecar)
  const files = new WorkingFiles(work.layout.working)
  try {
    const bases = { find: (ino: number) => disk.first(ino), xattrs: (node: DiskNode) => files.xattrs(node) }
    const since = new LogSince(work.records(), bases)
    let next = Math.max(work.nextIno, disk.highest + 1, since.nextIno)
    const mending: Mending = { ...work, disk, files, since, differences: [], newNumber: () => next++ }
    const names = namesOf(mending, (ino) => {
      next = Math.max(next, ino + 1)
    })
    await then(mending, names)
    return { differences: mending.differences, nextIno: next }
  } finally {
    files.close()
  }
}

function namesOf(mending: Mending, used: (ino: number) => void): Names {
  const { disk, since, trees, tree, writing, files, store } = mending
  const walk = function* (): Generator<WalkedEntry> {
    for (const entry of trees.walk(tree, '')) {
      used(entry.state.ino)
      yield entry
    }
  }
  // All numbers of history are known before the first new one is given.
  const names = wantedNames(disk, since, [...walk()], mending.newNumber)
  const linkTarget = (node: DiskNode): string => files.target(node)
  const holds = (node: DiskNode, { state }: Wanted): boolean => {
    if (state?.type === 'file') return files.reading(node, (fd) => sameContent(fd, state, store))
    if (state?.type === 'symlink') return files.target(node) === state.target
    return state?.type === 'directory' && typeOf(node) === 'directory'
  }
  return { ...compareNames({ disk, since, names, writing, linkTarget, holds }), directory: names.directory }
}
