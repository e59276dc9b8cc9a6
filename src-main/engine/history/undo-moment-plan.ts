import { pathToText } from '../../../src-preload/path-text.ts'
import type { RestoreStep } from '../project/session.ts'
import type { EntryKind } from './change-metadata.ts'
import { freeName } from './free-name.ts'
import { locateAt } from './locate.ts'
import { momentPaths } from './moment-paths.ts'
import { directoryOf, nameOf } from './paths.ts'
import { versionAt } from './resolve-version.ts'
import { NOW, type RestoreEffects, stepsFor } from './restore-steps.ts'
import { sameState } from './same-state.ts'
import type { Sqlite } from './sqlite.ts'
import { StatesAt } from './states-at.ts'
import { walkTree } from './tree-walk.ts'
import type { VersionState } from './version-state.ts'

export type MomentChoice = 'keep' | 'back' | 'both'

/** What taking the moment back means for a path. `choose`: it was changed since, so it stays unless that is chosen. */
export interface MomentPath {
  readonly path: string
  /** What the moment did to it. */
  readonly action: EntryKind
  readonly state: 'back' | 'same' | 'choose'
  /** Why there is something to choose. */
  readonly why: string | null
}

export interface UndoMomentPlan {
  readonly steps: readonly RestoreStep[]
  readonly effects: RestoreEffects
  /** In the order of paths. */
  readonly paths: readonly MomentPath[]
  /** How many of them are put back, and how many stay although they could be. */
  readonly restored: number
  readonly kept: number
  readonly sentence: string
}

export interface UndoMomentQuery {
  readonly first: number
  readonly last: number
  /** By path. */
  readonly choices: ReadonlyMap<string, MomentChoice>
}

type Looked = MomentPath & { readonly before: VersionState | null; readonly now: VersionState | null }

/**
 * The steps that take back what the changes from `first` to `last` did: what is since then as they left it becomes what
 * it was before them. Nothing that came later is lost unless it was chosen to go, and then it is in history.
 *
 * `exists`: whether there is something at a path, with a history or without: what has none would not come back.
 *
 * Errors: E_VERSION_UNKNOWN; E_RESTORE when a file stands where a folder is needed.
 */
export function planUndoMoment(
  sqlite: Sqlite,
  { first, last, choices }: UndoMomentQuery,
  exists: (path: string) => boolean,
): UndoMomentPlan {
  const touched = momentPaths(sqlite, first, last)
  const [before, after, now] = [touched.before, touched.after, NOW].map((point) => new StatesAt(sqlite, point))
  if (!before || !after || !now) throw new Error('Three times were asked for.')
  const isTaken = (path: string): boolean => now.get(path) !== null || exists(path)
  const looked = touched.paths.flatMap((path): Looked[] => {
    const states = { before: before.get(path), after: after.get(path), now: now.get(path) }
    if (same(states.before, states.after)) return []
    const verdict = judge(sqlite, states, now.file(path))
    const action = actionOf(states.before, states.after)
    return [{ path, action, ...verdict, before: states.before, now: states.now }]
  })
  const paths = judgeFolders(judgeBelowFiles(looked, now, choices), sqlite, choices)
  const back = paths.filter((path) => isBack(path, choices))
  const target = new Map(back.flatMap(({ path, before }) => (before ? [[path, before] as const] : [])))
  const beside = paths.filter(({ path, state }) => state === 'choose' && choices.get(path) === 'both')
  for (const { path } of beside) {
    for (const [at, state] of besideOf(sqlite, path, touched.before, isTaken)) target.set(at, state)
  }
  const there = new Map(back.flatMap(({ path, now }) => (now ? [[path, now] as const] : [])))
  const removed = removedBy(back, sqlite)
  const when = { point: touched.before, time: touched.time }
  const planned = stepsFor(sqlite, { target, now: there, removed }, when)
  const chosen = new Set(back)
  const kept = paths.filter((path) => path.state !== 'same' && !chosen.has(path)).length
  const restored = back.length + beside.length
  return {
    ...planned,
    paths: paths.map(({ path, action, state, why }) => ({ path, action, state, why })),
    ...{ restored, kept, sentence: sentenceOf(restored, kept) },
  }
}

function isBack({ path, state }: MomentPath, choices: UndoMomentQuery['choices']): boolean {
  return state === 'back' ? choices.get(path) !== 'keep' : state === 'choose' && choices.get(path) === 'back'
}

/** A folder's time and size follow from what happens in it; elsewhere they count unless `loosely`. */
function same(a: VersionState | null, b: VersionState | null, loosely = false): boolean {
  if (!a || !b) return a === b
  if (!loosely && a.type !== 'directory') return sameState(a, b)
  return sameState({ ...a, mtime: undefined }, { ...b, mtime: undefined })
}

function actionOf(before: VersionState | null, after: VersionState | null): EntryKind {
  if (!before) return 'create'
  if (!after) return 'delete'
  const alike = before.type === after.type && before.object === after.object && before.target === after.target
  return alike ? 'attributes' : 'edit'
}

function judge(
  sqlite: Sqlite,
  states: { readonly [when in 'before' | 'after' | 'now']: VersionState | null },
  file: number | null,
): Pick<MomentPath, 'state' | 'why'> {
  const { before, after, now } = states
  if (same(before, now)) return { state: 'same', why: null }
  if (same(after, now, true)) return { state: 'back', why: null }
  if (!now || file === null) return { state: 'choose', why: 'It was removed since.' }
  const program = versionAt(sqlite, file, NOW)?.program?.name
  return { state: 'choose', why: `It was changed since${program === undefined ? '' : `, last by ${program}`}.` }
}

/** What would come to lie in a folder in whose place something else is to stay must be asked for with it. */
function judgeBelowFiles(
  looked: readonly Looked[],
  now: StatesAt,
  choices: UndoMomentQuery['choices'],
): readonly Looked[] {
  const back = new Map<string, VersionState | null>()
  return looked.map((one) => {
    let blocked: string | null = null
    for (let above = directoryOf(one.path); above !== '' && one.before; above = directoryOf(above)) {
      const state = back.has(above) ? back.get(above) : now.get(above)
      if (state && state.type !== 'directory') blocked = above
    }
    if (blocked !== null && one.state === 'back') {
      return { ...one, state: 'choose', why: `"${pathToText(blocked)}" is no folder now.` }
    }
    if (isBack(one, choices)) back.set(one.path, one.before)
    return one
  })
}

/** A folder goes only with all that is in it: what came later must be chosen to go. */
function judgeFolders(
  looked: readonly Looked[],
  sqlite: Sqlite,
  choices: UndoMomentQuery['choices'],
): readonly Looked[] {
  const gone = new Set<string>()
  const judged = [...looked].reverse().map((one): Looked => {
    if (!isBack(one, choices) || one.before?.type === 'directory') return one
    if (one.now?.type === 'directory' && choices.get(one.path) !== 'back') {
      const later = childrenOf(sqlite, one.path, false).find((child) => !gone.has(child))
      if (later !== undefined) {
        return { ...one, state: 'choose', why: `There is something in it that came later: "${pathToText(later)}".` }
      }
    }
    if (!one.before || one.now?.type === 'directory') gone.add(one.path)
    return one
  })
  return judged.reverse()
}

/** Paths that are to go, each behind what is below it. */
function removedBy(back: readonly Looked[], sqlite: Sqlite): string[] {
  const removed = new Set<string>()
  for (const { path, before, now } of back) {
    if (!now || before?.type === 'directory') continue
    if (!before) removed.add(path)
    if (now.type === 'directory') for (const below of childrenOf(sqlite, path, true)) removed.add(below)
  }
  return [...removed].sort().reverse()
}

/** Paths of what is in a folder now. */
function childrenOf(sqlite: Sqlite, path: string, deep: boolean): string[] {
  const file = locateAt(sqlite, path, NOW)
  return file === null ? [] : [...walkTree(sqlite, file, NOW, { deep })].map((entry) => `${path}/${entry.path}`)
}

/** What was at a path at a point, under a free name beside it; a folder with what was in it. */
function besideOf(
  sqlite: Sqlite,
  path: string,
  point: number,
  isTaken: (path: string) => boolean,
): [string, VersionState][] {
  const file = locateAt(sqlite, path, point)
  const version = file === null ? null : versionAt(sqlite, file, point)
  if (file === null || !version?.state.present) return []
  const above = directoryOf(path)
  const inFolder = (name: string): string => (above === '' ? name : `${above}/${name}`)
  const top = inFolder(freeName(nameOf(path), version.change.time[0], (name) => isTaken(inFolder(name))))
  const below = version.state.type === 'directory' ? [...walkTree(sqlite, file, point)] : []
  return [[top, version.state], ...below.map(({ path, state }): [string, VersionState] => [`${top}/${path}`, state])]
}

function sentenceOf(restored: number, kept: number): string {
  const count = (n: number): string => `${n} ${n === 1 ? 'path' : 'paths'}`
  const stays = kept === 0 ? '' : ` ${count(kept)} that changed since ${kept === 1 ? 'stays' : 'stay'} as now.`
  if (restored > 0) return `${count(restored)} put back as before.${stays}`
  return `Nothing is to be taken back.${stays}`
}
