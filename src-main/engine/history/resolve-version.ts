import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { type Change, changeNamed, newestChange, NUMBER } from './name-change.ts'
import { locateOrFail } from './history-pages.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { locateAt } from './locate.ts'
import type { Sqlite } from './sqlite.ts'
import { localTime } from './local-time.ts'
import { SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'

export interface Resolved {
  readonly file: number
  readonly version: Version
  /** The version of the project up to which the tree is meant: what a folder held then. */
  readonly point: number
}

/**
 * The version of a path that a name means; null names the newest. A number is that of one of the file's versions (from 1,
 * oldest first), of the project itself that of one of its changes; every other name is one of a change (`changeNamed`).
 * A change names what was at the path after it, whether or not it touched it; where nothing was, the version that the
 * path's file of today had then under another name.
 *
 * Errors: E_PATH_UNKNOWN, E_VERSION_UNKNOWN, E_VERSION_AMBIGUOUS, E_SEAL_AMBIGUOUS.
 */
export function resolveVersion(sqlite: Sqlite, path: string, name: string | null): Resolved {
  const file = locateOrFail(sqlite, path)
  if (file === ROOT) return projectAt(name === null ? newestChange(sqlite) : changeNamed(sqlite, name))
  if (name === null) return newestOf(sqlite, file, path)
  if (NUMBER.test(name)) return numbered(sqlite, file, path, Number(name))
  return afterChange(sqlite, file, path, changeNamed(sqlite, name))
}

/** The newest version of a file up to a version of the project; null: it began later. */
export function versionAt(sqlite: Sqlite, file: number, point: number): Version | null {
  const row = sqlite.get(`${SELECT_VERSIONS} WHERE v.file = ? AND v.id <= ? ORDER BY v.id DESC LIMIT 1`, file, point)
  return row && versionOf(row)
}

/** The version of the project that a change ended with. */
export function pointOf(sqlite: Sqlite, sequence: number): number {
  const row = sqlite.get('SELECT last_version AS point FROM change WHERE sequence = ?', sequence)
  return pointRow.parse(row).point
}

/** The version of the project that a change began with. */
export function pointBefore(sqlite: Sqlite, sequence: number): number {
  const row = sqlite.get('SELECT first_version - 1 AS point FROM change WHERE sequence = ?', sequence)
  return pointRow.parse(row).point
}

const pointRow = z.object({ point: z.number() })

function newestOf(sqlite: Sqlite, file: number, path: string): Resolved {
  const version = versionAt(sqlite, file, FOREVER)
  if (!version) throw new IzeError('E_VERSION_UNKNOWN', `"${pathToText(path)}" has no version.`)
  return { file, version, point: FOREVER - 1 }
}

function numbered(sqlite: Sqlite, file: number, path: string, number: number): Resolved {
  const row = sqlite.get(`${SELECT_VERSIONS} WHERE v.file = ? AND v.number = ?`, file, number)
  if (!row) {
    const last = newestOf(sqlite, file, path).version.number
    const has = last === 1 ? 'its only version is 1' : `its versions are 1 to ${last}`
    throw new IzeError('E_VERSION_UNKNOWN', `"${pathToText(path)}" has no version ${number}: ${has}.`, { last })
  }
  const version = versionOf(row)
  return { file, version, point: pointOf(sqlite, version.change.sequence) }
}

function afterChange(sqlite: Sqlite, file: number, path: string, change: Change): Resolved {
  const point = change.lastVersion
  const then = locateAt(sqlite, path, point) ?? file
  const version = versionAt(sqlite, then, point)
  if (version) return { file: then, version, point }
  const first = versionOf(sqlite.get(`${SELECT_VERSIONS} WHERE v.id = ?`, file)).change
  const began = `it began with change ${first.hash.slice(0, 12)}, ${localTime(first.time)}`
  const message = `"${pathToText(path)}" did not exist yet after change ${change.hash.slice(0, 12)}, ${localTime(change.time)}: ${began}.`
  throw new IzeError('E_VERSION_UNKNOWN', message, { notYet: true })
}

/** The project as a version of itself: its number is that of its change. */
function projectAt({ lastVersion, ...change }: Change): Resolved {
  const version: Version = {
    id: lastVersion,
    file: ROOT,
    number: change.sequence,
    kind: 'edit',
    path: '',
    from: null,
    state: { type: 'directory', ino: 1, present: true },
    program: null,
    operations: [0, 0],
    change,
  }
  return { file: ROOT, version, point: lastVersion }
}
