import { pathToText } from '../../../src-preload/path-text.ts'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import type { RestoreStep } from '../project/session.ts'
import { FOREVER } from './index-schema.ts'
import { locateAt } from './locate.ts'
import { directoryOf } from './paths.ts'
import { versionAt } from './resolve-version.ts'
import { sameState } from './same-state.ts'
import type { Sqlite } from './sqlite.ts'
import type { VersionState } from './version-state.ts'

/** What steps do: what was not there, what is put over something else, what goes. Paths in the order of the steps. */
export interface RestoreEffects {
  readonly created: readonly string[]
  readonly overwritten: readonly string[]
  readonly removed: readonly string[]
}

export const NOW = FOREVER - 1
type Seconds = readonly [number, number]
export type States = ReadonlyMap<string, VersionState>

/**
 * Steps that put `target` where `now` is something else, and before that remove what is to go (each folder after what is
 * in it), in the order in which they can be done. `point` is when the target was so, `time` stands for unknown times.
 */
export function stepsFor(
  sqlite: Sqlite,
  { target, now, removed }: { readonly target: States; readonly now: States; readonly removed: readonly string[] },
  { point, time }: { readonly point: number; readonly time: Seconds },
): { steps: RestoreStep[]; effects: RestoreEffects } {
  const changed = [...target].filter(([path, state]) => !sameState(now.get(path), state))
  const folders = missingFolders(sqlite, new Map(changed), point, time)
  const gone = new Set(removed)
  const put = [...folders, ...changed.map(([path, state]) => stepFor(path, state, time))]
  const isOver = ({ path }: RestoreStep): boolean => now.has(path) && !gone.has(path)
  return {
    steps: [...removed.map((path): RestoreStep => ({ kind: 'remove', path })), ...put],
    effects: {
      created: put.filter((step) => !isOver(step)).map(({ path }) => path),
      overwritten: put.filter(isOver).map(({ path }) => path),
      removed,
    },
  }
}

/**
 * Steps for the folders above what is put that are not there now, outermost first.
 * Errors: E_RESTORE when something else stands where one should be.
 */
function missingFolders(sqlite: Sqlite, target: States, point: number, time: Seconds): RestoreStep[] {
  const steps: RestoreStep[] = []
  const seen = new Set<string>()
  for (const path of target.keys()) {
    const missing: RestoreStep[] = []
    for (let above = directoryOf(path); above !== '' && !seen.has(above); above = directoryOf(above)) {
      seen.add(above)
      if (target.has(above)) break
      const state = stateAt(sqlite, above, NOW)
      if (state?.type === 'directory') break
      if (state) {
        const message = `"${pathToText(path)}" cannot be put back: "${pathToText(above)}" is no folder now; move it away first.`
        throw new IzeError('E_RESTORE', message)
      }
      const then = stateAt(sqlite, above, point)
      if (then?.type === 'directory') missing.unshift(stepFor(above, then, time))
    }
    steps.push(...missing)
  }
  return steps
}

/** What was at a path after a version; null: nothing. */
export function stateAt(sqlite: Sqlite, path: string, point: number): VersionState | null {
  const file = locateAt(sqlite, path, point)
  const state = file === null ? null : versionAt(sqlite, file, point)?.state
  return state?.present ? state : null
}

function stepFor(path: string, state: VersionState, time: Seconds): RestoreStep {
  const { uid = process.getuid?.() ?? 0, gid = process.getgid?.() ?? 0, mtime = time } = state
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
