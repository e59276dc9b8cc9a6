import { encodeIdentity, type Identity } from '../namespace/identity.ts'
import type { Inode } from '../namespace/inode.ts'
import type { OpId } from '../oplog/operation.ts'
import type { Move } from '../project/worker-messages.ts'
import { depth, type Effect } from './effect.ts'

/** Times, owner, mode and extended attributes as the inode has them after the batch. Values and identity in base64. */
export interface PlanAttributes {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly times: readonly [aSec: number, aNsec: number, mSec: number, mNsec: number]
  /** null: unchanged. */
  readonly xattrs: Readonly<Record<string, string>> | null
  readonly identity: string
}

/** Bytes of the log (or zeros: position < 0) that belong at an offset: flat triples offset, length, position. */
export type PlanExtents = readonly number[]

/**
 * One step that takes working/ nearer to the state after the batch. Paths are those at the time of the step; each step
 * names the inode it is about, and does nothing when that is not there (the step was done before).
 */
export type PlanStep =
  /** Changes bytes of a file in place: cut to `cut` first, then the extents, then the size. */
  | {
      readonly do: 'content'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly cut: number
      readonly size: number
      readonly extents: PlanExtents
    }
  /** Moves it out of the way, to tmp/{ino}. */
  | { readonly do: 'lift'; readonly ino: number; readonly dir: number; readonly path: string }
  | {
      readonly do: 'unlink'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly directory: boolean
    }
  /** Makes tmp/{ino}, unless it stands at `path` already. */
  | {
      readonly do: 'file'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly size: number
      readonly extents: PlanExtents
      readonly attributes: PlanAttributes
    }
  | {
      readonly do: 'directory' | 'special'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly rdev: number
      readonly attributes: PlanAttributes
    }
  | {
      readonly do: 'symlink'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly target: string
      readonly attributes: PlanAttributes
    }
  /** Renames tmp/{ino} to its place. */
  | {
      readonly do: 'place'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly identity: string | null
    }
  | {
      readonly do: 'link'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly from: string
      readonly identity: string | null
    }
  /** `table`: its identity stands in the sidecar. */
  | {
      readonly do: 'attributes'
      readonly ino: number
      readonly dir: number
      readonly path: string
      readonly table: boolean
      readonly attributes: PlanAttributes
    }

export interface Plan {
  readonly first: number
  readonly last: number
  /** Log position behind the last operation. */
  readonly end: number
  readonly nextIno: number
  readonly steps: readonly PlanStep[]
  /** For the mount thread: moves[i] is done once `moveAt[i]` steps are. */
  readonly moves: readonly Move[]
  readonly moveAt: readonly number[]
}

export interface PlanRange {
  readonly first: number
  readonly last: number
  readonly end: number
  readonly nextIno: number
}

/**
 * The order is what makes running it again harmless: contents by the paths that working/ has now; then everything that
 * loses its name, deepest first; then everything that gets one, from the top down; attributes last, since names that
 * come and go change the times of directories.
 */
export function makePlan(effect: Effect, range: PlanRange, target: (inode: Inode) => string): Plan {
  const steps: PlanStep[] = []
  const moves: Move[] = []
  const moveAt: number[] = []
  const move = (...what: Move): void => {
    moves.push(what)
    moveAt.push(steps.length)
  }
  const applied = range.last as OpId
  const effects = [...effect.inodes.values()]

  for (const { inode, hadBase } of effects) {
    if (!hadBase || !inode.isFile || inode.nlink <= 0 || inode.dataPosition === 0) continue
    const path = basePathOf(effect, inode)
    const { cut, extents } = contentOf(inode)
    steps.push({ do: 'content', ino: inode.ino, dir: inode.baseDir?.ino ?? 0, path, cut, size: inode.size, extents })
  }

  const leaving = effects.flatMap((one) => one.gone.map((at, index) => ({ one, at, index })))
  leaving.sort((a, b) => depth(b.at.path) - depth(a.at.path))
  for (const { one, at, index } of leaving) {
    const { inode } = one
    const head = { ino: inode.ino, dir: at.directory.ino, path: at.path }
    if (index === 0 && one.come.length > 0) {
      steps.push({ do: 'lift', ...head })
      move(inode.ino, 0, String(inode.ino))
    } else {
      steps.push({ do: 'unlink', ...head, directory: inode.isDirectory })
      // What comes elsewhere is lifted from its first name, later or already; what does not, has a name that stays.
      const [first] = one.come.length > 0 ? one.gone : []
      const [directory, name] = first ? [first.directory, first.name] : [inode.parent, inode.name]
      move(inode.ino, directory?.ino ?? null, name, at.directory.ino, at.name)
    }
  }

  const coming = effects.flatMap((one) => one.come.map((at, index) => ({ one, at, index })))
  coming.sort((a, b) => depth(a.at.path) - depth(b.at.path))
  const links: PlanStep[] = []
  for (const { one, at, index } of coming) {
    const { inode } = one
    const head = { ino: inode.ino, dir: at.directory.ino, path: at.path }
    const identity = carriesXattr(inode) ? null : encode(inode, applied)
    const lifted = one.gone.length > 0
    if (index > 0 || (one.hadBase && !lifted)) {
      const from = one.hadBase && !lifted ? stayingPath(inode) : (one.come[0]?.path ?? '')
      links.push({ do: 'link', ...head, from, identity })
      continue
    }
    if (!lifted) steps.push(birth(inode, head, applied, target))
    steps.push({ do: 'place', ...head, identity })
    move(inode.ino, at.directory.ino, at.name)
  }

  steps.push(...links)

  for (const { inode, hadBase, come } of effects) {
    if (inode.nlink <= 0 || (inode.isFile && !hadBase)) continue
    const attributes = attributesOf(inode, applied)
    const head = { do: 'attributes', ino: inode.ino, attributes } as const
    if (carriesXattr(inode)) {
      const path = come[0]?.path ?? inode.path()
      if (path === '' && inode.ino !== 1) continue
      steps.push({ ...head, dir: come[0]?.directory.ino ?? inode.parent?.ino ?? 0, path, table: false })
    } else {
      // The table has an entry for every name.
      for (const { parent, path } of inode.names()) steps.push({ ...head, dir: parent.ino, path, table: true })
    }
  }
  return { ...range, steps, moves, moveAt }
}

/** The step that makes it in tmp/. */
export function birth(
  inode: Inode,
  head: { readonly ino: number; readonly dir: number; readonly path: string },
  applied: OpId,
  target: (inode: Inode) => string,
): PlanStep {
  const attributes = attributesOf(inode, applied)
  if (inode.isFile) return { do: 'file', ...head, size: inode.size, extents: contentOf(inode).extents, attributes }
  if (inode.isSymlink) return { do: 'symlink', ...head, target: target(inode), attributes }
  return { do: inode.isDirectory ? 'directory' : 'special', ...head, rdev: inode.rdev, attributes }
}

/** What the log has of a file's content: the cut of what was there before, then the extents over it. */
export function contentOf(inode: Inode): { cut: number; extents: number[] } {
  const extents: number[] = []
  inode.extents?.visit(0, inode.size, (offset, end, position) => void extents.push(offset, end - offset, position))
  const limit = inode.baseLimit
  return { cut: Number.isFinite(limit) ? limit : -1, extents }
}

export function attributesOf(inode: Inode, applied: OpId): PlanAttributes {
  const xattrs: Record<string, string> | null = inode.xattrPosition > 0 ? {} : null
  if (xattrs) for (const [name, value] of inode.xattrs ?? []) xattrs[name] = value.toString('base64')
  return {
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
    times: [inode.aSec, inode.aNsec, inode.mSec, inode.mNsec],
    xattrs,
    identity: encode(inode, applied),
  }
}

export function encode(inode: Inode, applied: OpId): string {
  const identity: Identity = {
    ino: inode.ino,
    mode: inode.mode & 0o7777,
    sparse: inode.sparse,
    ctimeSec: inode.cSec,
    ctimeNsec: inode.cNsec,
    btimeSec: inode.bSec,
    btimeNsec: inode.bNsec,
    applied,
  }
  return encodeIdentity(identity).toString('base64')
}

/** Files and directories carry their identity themselves; for the rest it stands in the sidecar. */
export function carriesXattr(inode: Inode): boolean {
  return inode.isFile || inode.isDirectory
}

/** Path in working/ of an inode that is there. */
function basePathOf(effect: Effect, inode: Inode): string {
  if (inode.baseDir === null) return ''
  const above = effect.basePath(inode.baseDir)
  return above === '' ? inode.baseName : `${above}/${inode.baseName}`
}

/** Visible path of the name under which working/ has the inode, which it keeps. */
function stayingPath(inode: Inode): string {
  const above = inode.baseDir?.path() ?? ''
  return above === '' ? inode.baseName : `${above}/${inode.baseName}`
}
