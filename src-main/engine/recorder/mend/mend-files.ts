import { type Inode, S_IFMT } from '../../namespace/inode.ts'
import type { OpId } from '../../oplog/operation.ts'
import { reached } from '../../sys/failpoint.ts'
import type { PresentState } from '../../store/tree/directory-entry.ts'
import type { Executor } from '../execute.ts'
import { attributesOf, carriesXattr, contentOf, type PlanStep } from '../plan.ts'
import { inodeFrom, sameAttributes } from './attributes.ts'
import { copyAside, isReadable, isUnreadable, sameContent, writeContent } from './contents.ts'
import { type DiskNode, pathOf } from './disk-tree.ts'
import { inodeOf } from './log-since.ts'
import type { Mending } from './mending.ts'
import type { Wanted, WantedNames } from './wanted.ts'

export interface FileDifference {
  readonly node: DiskNode
  readonly state: PresentState
  /** Otherwise only its mode, owner, time or extended attributes differ. */
  readonly content: boolean
}

/**
 * The versioned files that are not what history tells, each once. A file that operations changed since working/ was synced is
 * read; so are those whose size or time is another; the rest only when all are.
 */
export function* compareFiles(mending: Mending, wanted: readonly Wanted[]): Generator<FileDifference> {
  const { since, writing, store, files, full } = mending
  const seen = new Set<number>()
  for (const { node, state, ino } of wanted) {
    if (!node || !state || writing.has(ino) || seen.has(ino)) continue
    seen.add(ino)
    const touched = since.inodes.has(ino)
    if (state.type === 'file') {
      const suspect = node.stats[6] !== state.size || !sameAttributes(state, node)
      if (!touched && !suspect && !full) continue
      const content = !files.reading(node, (fd) => sameContent(fd, state, store))
      if (content || (!touched && (suspect || !sameXattrs(state, files.xattrs(node))))) yield { node, state, content }
    } else if (!touched && node.identity && state.mode !== undefined && node.identity.mode !== state.mode) {
      yield { node, state, content: false }
    }
  }
}

/** Puts contents right, of versioned files from the store, of others from the log. Returns the inodes whose attributes are to follow. */
export async function mendContents(
  mending: Mending,
  { wanted }: { readonly wanted: readonly Wanted[] },
  executor: Executor,
): Promise<ReadonlyMap<number, Inode>> {
  const { since, store, files, differences, disk, writing } = mending
  const mended = new Map<number, Inode>()
  const sound = new Set(wanted.flatMap(({ ino, state }) => (state?.object && !writing.has(ino) ? [ino] : [])))
  for (const { node, state, content } of [...compareFiles(mending, wanted)]) {
    const path = pathOf(node)
    const touched = since.inodes.has(node.ino)
    try {
      if (content) {
        // Of what the store cannot give back, the file stays as it is, and needs no copy.
        if (!touched && isReadable(store, state)) keepCopy(mending, node)
        await files.writing(node, (fd) => writeContent(fd, state.object ?? '', store))
        reached('mending')
      }
      const logged = since.inodes.get(node.ino)
      if (logged) [logged.mSec, logged.mNsec] = state.mtime ?? [logged.mSec, logged.mNsec]
      else mended.set(node.ino, inodeFrom(state, node.ino, node))
      differences.push({ what: 'changed', path })
    } catch (error) {
      if (!isUnreadable(error)) throw error
      sound.delete(node.ino)
      if (!touched) differences.push({ what: 'lost', path })
    }
  }
  const steps: PlanStep[] = []
  for (const inode of since.inodes.values()) {
    const node = disk.first(inode.ino)
    if (!node || !inode.isFile || inode.dataPosition === 0 || sound.has(inode.ino)) continue
    const head = { ino: inode.ino, dir: node.parent?.ino ?? 1, path: pathOf(node) }
    steps.push({ do: 'content', ...head, size: inode.size, ...contentOf(inode) })
  }
  executor.run({ steps }, () => reached('mending'))
  return mended
}

/** Attributes last: names that come and go change the times of directories. */
export function mendAttributes(
  mending: Mending,
  names: Pick<WantedNames, 'directory'>,
  restored: ReadonlyMap<number, Inode>,
  mended: ReadonlyMap<number, Inode>,
  executor: Executor,
): void {
  const { disk, since, applied } = mending
  const inodes = new Map<number, Inode>([...restored, ...mended])
  for (const [ino, inode] of since.inodes) inodes.set(ino, inode)
  for (const { path, stamp } of since.names.told()) {
    const ino = stamp && names.directory(path)
    const node = ino === null ? undefined : disk.first(ino)
    if (!node || !stamp) continue
    const inode = inodes.get(node.ino) ?? inodeOf(node)
    ;[inode.mSec, inode.mNsec] = stamp
    if (stamp[0] > inode.cSec || (stamp[0] === inode.cSec && stamp[1] > inode.cNsec)) [inode.cSec, inode.cNsec] = stamp
    inodes.set(node.ino, inode)
  }
  // What was moved in or out of it by the mending is not what changed it.
  for (const node of disk.stirred) if (node.identity && !inodes.has(node.ino)) inodes.set(node.ino, inodeOf(node))
  const steps: PlanStep[] = []
  for (const [ino, inode] of inodes) {
    const attributes = attributesOf(inode, applied as OpId)
    const carries = carriesXattr(inode)
    for (const node of (disk.named.get(ino) ?? []).slice(0, carries ? 1 : undefined)) {
      if ((((node.stats[0] ?? 0) ^ inode.mode) & S_IFMT) !== 0) continue
      steps.push({ do: 'attributes', ino, dir: node.parent?.ino ?? 0, path: pathOf(node), table: !carries, attributes })
    }
  }
  executor.run({ steps }, () => reached('mending'))
}

/** A file that was changed by hand may be the only copy of that. */
function keepCopy({ files, disk, differences }: Mending, node: DiskNode): void {
  const directory = node.parent ?? disk.root
  disk.stirred.add(directory)
  const name = files.reading(node, (fd) =>
    files.reading(directory, (above) => {
      for (let n = 1; ; n++) {
        const name = `${node.name.slice(0, 230)} (changed by hand${n === 1 ? '' : ` ${n}`})`
        if (copyAside(fd, above, name)) return name
      }
    }),
  )
  const path = pathOf(node)
  differences.push({ what: 'kept', path, as: `${path.slice(0, path.length - node.name.length)}${name}` })
}

function sameXattrs(state: PresentState, found: ReadonlyMap<string, Buffer>): boolean {
  const told = Object.entries(state.xattrs ?? {})
  return told.length === found.size && told.every(([name, value]) => found.get(name)?.toString('base64') === value)
}
