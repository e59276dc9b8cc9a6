import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { RestoreStep } from '../project/session.ts'
import { localTime } from './local-time.ts'
import { locateAt } from './locate.ts'
import { ENGINE_TITLE, RESTORE_TITLE } from './own-programs.ts'
import { pointBefore } from './resolve-version.ts'
import { NOW, type RestoreEffects, stateAt, type States, stepsFor } from './restore-steps.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'
import { type ChangeHead, SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'
import type { VersionState } from './version-state.ts'

export interface UndoPlan {
  readonly steps: readonly RestoreStep[]
  readonly effects: RestoreEffects
  /** The first change of the restore that is taken back. */
  readonly undone: ChangeHead
  readonly sentence: string
}

/**
 * The steps that take the last restore back: each path that it touched becomes what it was before it, whatever was done
 * there since; everything else stays. That is itself a restore, so the next such plan takes it back in turn.
 *
 * `noted` is the hash of the newest change when the last restore began, if that is known: one restore may have become
 * several changes. Errors: E_NOTHING_TO_UNDO; E_RESTORE when a file stands where a folder is needed.
 */
export function planUndo(sqlite: Sqlite, noted: string | null): UndoPlan {
  const touched = lastRestore(sqlite, noted)
  const [first] = touched
  if (!first) {
    throw new IzeError('E_NOTHING_TO_UNDO', 'Nothing was ever restored in this project, so there is nothing to undo.')
  }
  const undone = first.change
  const point = pointBefore(sqlite, undone.sequence)
  const paths = [...new Set(touched.flatMap(({ path, from }) => (from === null ? [path] : [from, path])))].sort()
  const statesAt = (when: number): States =>
    new Map(
      paths.flatMap((path): [string, VersionState][] => {
        const state = stateAt(sqlite, path, when)
        return state ? [[path, state]] : []
      }),
    )
  const [target, now] = [statesAt(point), statesAt(NOW)]
  const removed = removable(sqlite, [...now.keys()].filter((path) => !target.has(path)).reverse())
  const planned = stepsFor(sqlite, { target, now, removed }, { point, time: undone.time })
  const restore = `the restore of ${localTime(undone.time)} (change ${undone.hash.slice(0, 12)})`
  const sentence =
    planned.steps.length === 0
      ? `All that ${restore} touched is already as it was before it.`
      : `What ${restore} touched becomes what it was before it.`
  return { ...planned, undone, sentence }
}

/** The versions that the last restore made, oldest first. */
function lastRestore(sqlite: Sqlite, noted: string | null): Version[] {
  const [newest] = restored(sqlite, 0, 'DESC LIMIT 1')
  if (!newest) return []
  const before = noted === null ? null : sqlite.get('SELECT last_version FROM change WHERE hash = ?', noted)
  const start = before && z.object({ last_version: z.number() }).parse(before).last_version
  if (start !== null && start < newest.id) return restored(sqlite, start, 'ASC')
  // The engine restores for all that is not mounted; through a mount each restore is a process of its own.
  if (newest.program?.name === ENGINE_TITLE) return restored(sqlite, pointBefore(sqlite, newest.change.sequence), 'ASC')
  const own = ({ program }: Version): boolean =>
    program?.pid === newest.program?.pid && program?.start === newest.program?.start
  return restored(sqlite, 0, 'ASC').filter(own)
}

function restored(sqlite: Sqlite, after: number, order: 'ASC' | 'DESC LIMIT 1'): Version[] {
  const rows = sqlite.all(
    `${SELECT_VERSIONS} WHERE v.program_name IN (SELECT id FROM program_name WHERE name IN (?, ?)) AND g.name IN (?, ?) AND v.id > ?
      ORDER BY v.id ${order}`,
    ...[RESTORE_TITLE, ENGINE_TITLE, RESTORE_TITLE, ENGINE_TITLE],
    after,
  )
  return rows.map(versionOf)
}

/** Of paths, each behind what is below it, those that hold nothing which is to stay. */
function removable(sqlite: Sqlite, paths: readonly string[]): string[] {
  const gone = new Set<string>()
  for (const path of paths) {
    const file = locateAt(sqlite, path, NOW)
    const below = file === null ? [] : [...walkTree(sqlite, file, NOW, { deep: false })]
    if (below.every((entry) => gone.has(`${path}/${entry.path}`))) gone.add(path)
  }
  return [...gone]
}
