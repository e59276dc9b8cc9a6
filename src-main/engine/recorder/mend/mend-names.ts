import { lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { depthOf } from '../../history/paths.ts'
import { encodeIdentity, IDENTITY_XATTR, type Identity } from '../../namespace/identity.ts'
import { type Inode, S_IFDIR, S_IFMT, S_IFREG } from '../../namespace/inode.ts'
import type { Ino, OpId } from '../../oplog/operation.ts'
import { reached } from '../../sys/failpoint.ts'
import * as native from '../../sys/native.ts'
import type { Executor } from '../execute.ts'
import { birth, carriesXattr, encode, type PlanStep } from '../plan.ts'
import { inodeFrom } from './attributes.ts'
import { type NameDifferences, ON_ITS_WAY } from './compare.ts'
import { done, isUnreadable, stageContent } from './contents.ts'
import { type DiskNode, pathOf } from './disk-tree.ts'
import { inodeOf } from './log-since.ts'
import type { Mending, MendWork } from './mending.ts'
import type { Wanted } from './wanted.ts'

const NAME_BYTES = 255

/** What was on its way when the last run ended goes back into working/, where it is compared like everything else. */
export function clearTmp(work: MendWork): void {
  const { layout, sidecar, applied } = work
  let known: KnownNumbers | null = null
  for (const name of readdirSync(layout.tmp)) {
    if (!/^\d+$/.test(name)) continue
    const file = join(layout.tmp, name)
    const stat = lstatSync(file)
    const marked = typeof native.getXattr(native.AT_FDCWD, latin1(file), IDENTITY_XATTR) !== 'number'
    const carries = stat.isFile() || stat.isDirectory()
    // Without an identity it may not be whole; it goes only when it can be made again, or held nothing.
    if (carries && !marked) {
      known ??= knownNumbers(work)
      if (stat.isDirectory() ? isEmpty(file) : known.again.has(Number(name))) {
        rmSync(file, { recursive: true })
        continue
      }
      // What was moved into a new directory may be on the disk, and the directory's identity not.
      if (stat.isDirectory() && known.directories.has(Number(name))) {
        const identity = identityOf(Number(name), stat.mode, [Math.floor(stat.mtimeMs / 1000), 0], applied)
        done(native.setXattr(native.AT_FDCWD, latin1(file), IDENTITY_XATTR, encodeIdentity(identity), 0))
      }
    }
    const as = `${ON_ITS_WAY}${name}`
    if (!carries) {
      const time = [Math.floor(stat.mtimeMs / 1000), 0] as const
      sidecar.put(1 as Ino, as, identityOf(Number(name), stat.mode, time, applied))
    }
    renameSync(file, join(layout.working, as))
  }
}

interface KnownNumbers {
  /** Files that the log, or the store, has all of. */
  readonly again: ReadonlySet<number>
  /** Directories that the log made. */
  readonly directories: ReadonlySet<number>
}

function knownNumbers({ records, trees, tree }: MendWork): KnownNumbers {
  const [again, directories] = [new Set<number>(), new Set<number>()]
  for (const { op } of records()) {
    if (op.type === 'create') again.add(op.ino)
    else if (op.type === 'mkdir') directories.add(op.ino)
  }
  for (const { state } of trees.walk(tree, '')) if (state.object !== undefined) again.add(state.ino)
  return { again, directories }
}

function isEmpty(directory: string): boolean {
  return readdirSync(directory).length === 0
}

function latin1(path: string): string {
  return Buffer.from(path).toString('latin1')
}

/** Carries out what the comparison found; the inodes that were made anew, with all their attributes. */
export async function mendNames(
  mending: Mending,
  names: NameDifferences,
  executor: Executor,
): Promise<ReadonlyMap<number, Inode>> {
  const { disk, differences } = mending
  const run = (steps: readonly PlanStep[]): void => executor.run({ steps }, () => reached('mending'))
  for (const { node, ino } of names.unmarked) {
    mark(mending, node, ino)
    differences.push({ what: 'unmarked', path: pathOf(node) })
  }
  for (const node of names.inTheWay) if (node.ino < 0) mark(mending, node, mending.newNumber())
  // In tmp/ it is told by its number alone from what was never whole.
  if (names.inTheWay.length > 0 || names.unmarked.length > 0) executor.sync()

  const { misplaced, dead, inTheWay } = names
  const from = new Map([...misplaced, ...dead, ...inTheWay].map((node) => [node, pathOf(node)]))
  const removed = new Set(dead)
  const deepestFirst = [...from].sort(([, a], [, b]) => depthOf(b) - depthOf(a))
  run(
    deepestFirst.map(([node, path]): PlanStep => {
      const head = { ino: node.ino, dir: node.parent?.ino ?? 1, path }
      return removed.has(node) ? { do: 'unlink', ...head, directory: node.kids !== null } : { do: 'lift', ...head }
    }),
  )
  const homes = new Map(inTheWay.map((node) => [node, node.parent]))
  for (const [node, path] of deepestFirst) {
    disk.detach(node, removed.has(node))
    if (removed.has(node)) differences.push({ what: 'removed', path })
    else if (!homes.has(node)) differences.push({ what: 'misplaced', path: wantedPath(names, node) ?? path })
  }

  const restored = await fill(mending, names, run)
  run(
    inTheWay.map((node): PlanStep => {
      const home = homes.get(node)
      const directory = home && stands(mending, home) ? home : disk.root
      const name = freeName(directory, node.name)
      disk.attach(node, directory, name)
      differences.push({ what: 'kept', path: from.get(node) ?? '', as: pathOf(node) })
      return placeOf(mending, node)
    }),
  )
  return restored
}

/** Gives every name what is to be there, from the top down. */
async function fill(
  mending: Mending,
  names: NameDifferences,
  run: (steps: readonly PlanStep[]) => void,
): Promise<Map<number, Inode>> {
  const { disk, since, differences, applied } = mending
  const restored = new Map<number, Inode>()
  const steps: PlanStep[] = []
  const links: Wanted[] = []
  for (const wanted of names.wanted) {
    const { path, ino, name, state, node } = wanted
    const parent = disk.first(wanted.parent)
    if (node?.parent) continue
    if (!parent?.kids) {
      differences.push({ what: 'lost', path })
      continue
    }
    if (node) {
      disk.attach(node, parent, name)
      steps.push(placeOf(mending, node))
      continue
    }
    if (disk.first(ino)) {
      links.push(wanted)
      continue
    }
    const inode = since.born.has(ino) ? since.inodes.get(ino) : state && inodeFrom(state, ino, null)
    if (!inode || !(since.born.has(ino) || (await stage(mending, inode, wanted)))) {
      differences.push({ what: 'lost', path })
      continue
    }
    const head = { ino, dir: parent.ino, path }
    const whole = inode.isFile && !since.born.has(ino)
    if (!whole) steps.push(birth(inode, head, applied as OpId, (one) => one.target ?? ''))
    wanted.node = made(mending, inode, parent, name)
    steps.push(placeOf(mending, wanted.node))
    restored.set(ino, inode)
    differences.push({ what: 'missing', path })
  }
  run(steps)
  for (const wanted of links) {
    const { path, ino, name } = wanted
    const [parent, other] = [disk.first(wanted.parent), disk.first(ino)]
    if (!parent?.kids || !other || other.kids) continue
    const identity = carriesXattr(inodeOf(other)) ? null : encode(inodeOf(other), applied as OpId)
    run([{ do: 'link', ino, dir: parent.ino, path, from: pathOf(other), identity }])
    disk.add((wanted.node = { ...other, parent: null, name }))
    disk.attach(wanted.node, parent, name)
    differences.push({ what: 'missing', path })
  }
  return restored
}

/** Makes tmp/{ino} with a version's content; true for what has none. False: the store does not have it. */
async function stage({ layout, store, applied }: Mending, inode: Inode, { state }: Wanted): Promise<boolean> {
  if (!inode.isFile) return true
  if (state?.object === undefined) return false
  const file = join(layout.tmp, String(inode.ino))
  try {
    await stageContent(file, state.object, Buffer.from(encode(inode, applied as OpId), 'base64'), store)
    return true
  } catch (error) {
    rmSync(file, { force: true })
    if (isUnreadable(error)) return false
    throw error
  }
}

function placeOf({ applied }: Mending, node: DiskNode): PlanStep {
  const carries = carriesXattr(inodeOf(node))
  const identity = carries ? null : encode(inodeOf(node), applied as OpId)
  return { do: 'place', ino: node.ino, dir: node.parent?.ino ?? 1, path: pathOf(node), identity }
}

function made({ disk }: Mending, inode: Inode, parent: DiskNode, name: string): DiskNode {
  const stats = new Float64Array(native.STAT_WORDS)
  stats.set([inode.mode, 0, 1, inode.uid, inode.gid, inode.rdev, inode.size, 0])
  stats.set([inode.aSec, inode.aNsec, inode.mSec, inode.mNsec, inode.cSec, inode.cNsec], 8)
  const identity = identityOf(inode.ino, inode.mode, [inode.cSec, inode.cNsec], 0)
  const kids = inode.isDirectory ? new Map<string, DiskNode>() : null
  const node: DiskNode = { ino: inode.ino, identity, stats, kids, parent, name }
  disk.add(node)
  disk.attach(node, parent, name)
  return node
}

/** Gives it a number; what it is otherwise stays. */
function mark({ disk, files, sidecar, applied }: Mending, node: DiskNode, ino: number): void {
  const [mode = 0] = node.stats
  const identity = identityOf(ino, mode, [node.stats[12] ?? 0, node.stats[13] ?? 0], applied)
  const kind = mode & S_IFMT
  if (kind === S_IFREG || kind === S_IFDIR) {
    files.reading(node, (fd) => done(native.setXattr(fd, '', IDENTITY_XATTR, encodeIdentity(identity), 0)))
  } else {
    sidecar.put((node.parent?.ino ?? 1) as Ino, node.name, identity)
  }
  disk.renumber(node, ino, identity)
}

function identityOf(ino: number, mode: number, [sec, nsec]: readonly [number, number], applied: number): Identity {
  const times = { ctimeSec: sec, ctimeNsec: nsec, btimeSec: sec, btimeNsec: nsec }
  return { ino: ino as Ino, mode: mode & 0o7777, sparse: false, ...times, applied: applied as OpId }
}

function stands({ disk }: Mending, directory: DiskNode): boolean {
  let at: DiskNode | null = directory
  while (at && at !== disk.root) at = at.parent?.kids?.get(at.name) === at ? at.parent : null
  return at !== null
}

function freeName(directory: DiskNode, name: string): string {
  for (let n = 1; ; n++) {
    const mark = n === 1 ? ' (kept by Ize)' : ` (kept by Ize ${n})`
    const free = `${name.slice(0, NAME_BYTES - mark.length)}${mark}`
    if (!directory.kids?.has(free)) return free
  }
}

function wantedPath({ wanted }: NameDifferences, node: DiskNode): string | undefined {
  return wanted.find((one) => one.node === node)?.path
}
