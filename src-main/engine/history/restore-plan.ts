import { pathToText } from '../../../src-preload/path-text.ts'
import type { RestoreStep } from '../project/session.ts'
import { allBelow, changedSince, type TwoTrees } from './changed-since.ts'
import { locateAt } from './locate.ts'
import { directoryOf } from './paths.ts'
import { resolveVersion, versionAt } from './resolve-version.ts'
import { NOW, type RestoreEffects, stepsFor } from './restore-steps.ts'
import type { Sqlite } from './sqlite.ts'
import type { Version } from './version-rows.ts'
import type { VersionState } from './version-state.ts'

export interface RestorePlan {
  readonly steps: readonly RestoreStep[]
  readonly effects: RestoreEffects
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

/**
 * The steps that make a path what it was after a version: of a file this version, of a folder (the empty path: the whole
 * project) everything that was below it after the version's change. What is as it should be gets no step. Only what
 * history knows is ever removed, each file by its own step, a folder after what was in it. Missing folders above the path
 * are made.
 *
 * Errors: as of `resolveVersion`; E_RESTORE when a file stands where a folder above the path should be.
 */
export function planRestore(sqlite: Sqlite, path: string, name: string, options: RestoreOptions): RestorePlan {
  const { version, file, point } = resolveVersion(sqlite, path, name)
  const there = locateAt(sqlite, path, NOW)
  const before = there === null ? null : versionAt(sqlite, there, NOW)
  const was = version.state.present && version.state.type === 'directory' ? file : null
  const trees = treesOf(sqlite, was, there, point)
  const [target, now] = [new Map<string, VersionState>(), new Map<string, VersionState>()]
  if (version.state.present && path !== '') target.set(path, version.state)
  if (before) now.set(path, before.state)
  for (const [below, state] of trees.then) target.set(join(path, below), state)
  for (const [below, state] of trees.now) now.set(join(path, below), state)

  const removed = [...now.keys()].filter((at) => isInTheWay(at, path, target, version, options)).reverse()
  const planned = stepsFor(sqlite, { target, now, removed }, { point, time: version.change.time })
  return { ...planned, version, before, sentence: sentenceOf(path, version, planned.steps.length, removed.length) }
}

/** What was below the folder `was` after version `point`, and is below `there` now; null: nothing. */
function treesOf(sqlite: Sqlite, was: number | null, there: number | null, point: number): TwoTrees {
  if (was !== null && was === there) return changedSince(sqlite, was, point, NOW)
  const below = (folder: number | null, at: number): TwoTrees['now'] =>
    folder === null ? new Map<string, VersionState>() : allBelow(sqlite, folder, at)
  return { then: below(was, point), now: below(there, NOW) }
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
