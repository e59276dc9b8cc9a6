import { pathToText } from '../../../src-preload/path-text.ts'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import type { RestoreStep } from '../project/session.ts'
import { FOREVER } from './index-schema.ts'
import { locateAt } from './locate.ts'
import { directoryOf } from './paths.ts'
import { resolveVersion, versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'
import type { Version } from './version-rows.ts'
import type { VersionState } from './version-state.ts'

export interface RestorePlan {
  readonly steps: readonly RestoreStep[]
  /** What is put back. */
  readonly version: Version
  /** The newest version of the path, when it exists now. */
  readonly before: Version | null
  /** What the steps do, in one sentence. */
  readonly sentence: string
}

export interface RestoreOptions {
  /** Also remove, below a folder, what is in history and was not there then. */
  readonly removeOthers: boolean
}

const NOW = FOREVER - 1

/**
 * The steps that make a path what it was after a version: of a file this version, of a folder (the empty path: the whole
 * project) everything that was below it after the version's change. What is as it should be gets no step. Only what
 * history knows is ever removed, each file by its own step, a folder after what was in it. Steps are in the order in
 * which they can be done; missing folders above the path are made.
 *
 * Errors: as of `resolveVersion`; E_RESTORE when a file stands where a folder above the path should be.
 */
export function planRestore(sqlite: Sqlite, path: string, name: string, options: RestoreOptions): RestorePlan {
  const { version, file, point } = resolveVersion(sqlite, path, name)
  const there = locateAt(sqlite, path, NOW)
  const before = there === null ? null : versionAt(sqlite, there, NOW)
  const target = new Map<string, VersionState>()
  if (version.state.present) {
    if (path !== '') target.set(path, version.state)
    if (version.state.type === 'directory') {
      for (const entry of walkTree(sqlite, file, point)) target.set(join(path, entry.path), entry.state)
    }
  }
  const now = new Map<string, VersionState>()
  if (before) now.set(path, before.state)
  if (there !== null) for (const entry of walkTree(sqlite, there, NOW)) now.set(join(path, entry.path), entry.state)

  const removed = [...now.keys()].filter((at) => isInTheWay(at, path, target, version, options))
  const steps = [
    ...removed.reverse().map((at): RestoreStep => ({ kind: 'remove', path: at })),
    ...(target.size > 0 ? missingFolders(sqlite, path, point) : []),
    ...[...target].flatMap(([at, state]) => (sameState(now.get(at), state) ? [] : [stepFor(at, state, version)])),
  ]
  return { steps, version, before, sentence: sentenceOf(path, version, steps.length, removed.length) }
}

/** A path is removed when nothing was there and that is to be so, or when a folder and something else change places. */
function isInTheWay(
  at: string,
  top: string,
  target: ReadonlyMap<string, VersionState>,
  version: Version,
  { removeOthers }: RestoreOptions,
): boolean {
  if (target.has(at)) return false
  if (removeOthers || !version.state.present) return true
  for (let above = at; above !== top && above !== '';) {
    above = directoryOf(above)
    const state = target.get(above)
    if (state) return state.type !== 'directory'
  }
  return false
}

/** Steps for the folders above a path that are not there now, outermost first. */
function missingFolders(sqlite: Sqlite, path: string, point: number): RestoreStep[] {
  const steps: RestoreStep[] = []
  for (let above = directoryOf(path); above !== ''; above = directoryOf(above)) {
    const there = locateAt(sqlite, above, NOW)
    const state = there === null ? null : versionAt(sqlite, there, NOW)?.state
    if (state?.type === 'directory') break
    if (state) {
      const message = `"${pathToText(path)}" cannot be put back: "${pathToText(above)}" is no folder now; move it away first.`
      throw new IzeError('E_RESTORE', message)
    }
    const then = locateAt(sqlite, above, point)
    const version = then === null ? null : versionAt(sqlite, then, point)
    if (version?.state.type === 'directory') steps.unshift(stepFor(above, version.state, version))
  }
  return steps
}

function stepFor(path: string, state: VersionState, version: Version): RestoreStep {
  const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0, mtime = version.change.time } = state
  const owned = { path, uid, gid, mtime } as const
  const xattrs = state.xattrs ?? {}
  switch (state.type) {
    case 'file':
      if (state.object === undefined) {
        throw new IzeError('E_RESTORE', `The content of "${pathToText(path)}" in this version is not known.`)
      }
      return { kind: 'file', ...owned, object: state.object, mode: state.mode ?? 0o644, xattrs }
    case 'directory':
      return { kind: 'directory', ...owned, mode: state.mode ?? 0o755, xattrs }
    case 'symlink':
      return { kind: 'symlink', ...owned, target: state.target ?? '' }
    case 'special': {
      const [type, rdev] = state.special ?? [0, 0]
      return { kind: 'special', ...owned, mode: type | (state.mode ?? 0o644), rdev }
    }
    default:
      return assertNever(state.type, 'type of file')
  }
}

/** Whether a restore would change nothing. What is not known is not compared. */
function sameState(now: VersionState | undefined, then: VersionState): boolean {
  if (!now || now.type !== then.type) return false
  const facts = (state: VersionState) => {
    const { object, target, special, uid, gid, mtime, xattrs } = state
    const mode = state.type === 'symlink' ? null : state.mode
    const sorted = Object.entries(xattrs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify([object, target, special, mode, uid, gid, mtime, sorted])
  }
  return facts(now) === facts(then)
}

function sentenceOf(path: string, { number, change, state }: Version, steps: number, removed: number): string {
  const what = path === '' ? 'The project' : `"${pathToText(path)}"`
  if (steps === 0) return `${what} is already as it was in version ${number}.`
  if (!state.present) return `${what} is removed, as in version ${number} (change ${change.hash}).`
  const also = removed === 0 ? '' : `, removing ${removed} ${removed === 1 ? 'path' : 'paths'} that stood in the way`
  return `${what} becomes what it was in version ${number} (change ${change.hash})${also}.`
}

function join(path: string, below: string): string {
  return path === '' ? below : `${path}/${below}`
}
