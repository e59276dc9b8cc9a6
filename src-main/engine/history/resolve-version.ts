import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { changeKinds } from './change-metadata.ts'
import { locateOrFail } from './history-pages.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { locateAt } from './locate.ts'
import type { Sqlite } from './sqlite.ts'
import { type ChangeHead, SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'

export interface Resolved {
  readonly file: number
  readonly version: Version
  /** The version of the project up to which the tree is meant: what a folder held then. */
  readonly point: number
}

interface Change extends ChangeHead {
  readonly lastVersion: number
}

/** Longer runs of digits are taken for the beginning of a hash. */
const NUMBER = /^\d{1,7}$/
const HASH = /^[A-Z2-7]{1,64}$/

/**
 * The version of a path that is named by a number (from 1, oldest first), a change's hash or an unambiguous beginning
 * of one; null names the newest. A hash names what was at the path after that change, whether or not the change touched
 * it; where nothing was, the version that the path's file of today had then under another name. The project itself (empty path) counts its changes from 1.
 *
 * Errors: E_PATH_UNKNOWN, E_VERSION_UNKNOWN, E_VERSION_AMBIGUOUS.
 */
export function resolveVersion(sqlite: Sqlite, path: string, name: string | null): Resolved {
  const file = locateOrFail(sqlite, path)
  if (file === ROOT) return projectAt(changeNamed(sqlite, name))
  if (name === null) return newestOf(sqlite, file, path)
  if (NUMBER.test(name)) return numbered(sqlite, file, path, Number(name))
  return afterChange(sqlite, file, path, changeByHash(sqlite, name))
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
  const { hash } = versionOf(sqlite.get(`${SELECT_VERSIONS} WHERE v.id = ?`, file)).change
  const message = `"${pathToText(path)}" did not exist yet after change ${change.hash}: it began with change ${hash}.`
  throw new IzeError('E_VERSION_UNKNOWN', message)
}

function changeNamed(sqlite: Sqlite, name: string | null): Change {
  if (name !== null && !NUMBER.test(name)) return changeByHash(sqlite, name)
  const last = changesWhere(sqlite, '1 ORDER BY sequence DESC')[0]
  if (!last) throw new IzeError('E_VERSION_UNKNOWN', 'This project has no history yet.')
  if (name === null) return last
  const change = changesWhere(sqlite, 'sequence = ?', Number(name))[0]
  if (change) return change
  const message = `The project has no change ${name}: its changes are 1 to ${last.sequence}.`
  throw new IzeError('E_VERSION_UNKNOWN', message, { last: last.sequence })
}

function changeByHash(sqlite: Sqlite, name: string): Change {
  const start = name.toUpperCase()
  if (!HASH.test(start)) {
    const message = `"${name}" names no version: write its number, or the hash of a change or the beginning of one.`
    throw new IzeError('E_VERSION_UNKNOWN', message)
  }
  const [first, ...more] = changesWhere(sqlite, 'hash >= ? AND hash < ?', start, `${start}~`)
  if (!first) throw new IzeError('E_VERSION_UNKNOWN', `No change of this project has a hash that begins with ${start}.`)
  if (more.length === 0) return first
  const hashes = [first, ...more].map(({ hash }) => hash)
  const list = hashes.map((hash) => hash.slice(0, start.length + 8)).join(', ')
  const message = `${start} begins more than one hash (${list}${more.length === MATCHES - 1 ? ', …' : ''}): write more of it.`
  throw new IzeError('E_VERSION_AMBIGUOUS', message, { hashes })
}

const MATCHES = 4

function changesWhere(sqlite: Sqlite, condition: string, ...values: readonly (string | number)[]): Change[] {
  const rows = sqlite.all(
    `SELECT sequence, hash, kind, sec, nsec, note, last_version FROM change WHERE ${condition} LIMIT ${MATCHES}`,
    ...values,
  )
  return rows.map((row) => {
    const { sec, nsec, last_version: lastVersion, ...head } = changeRow.parse(row)
    return { ...head, time: [sec, nsec], lastVersion }
  })
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

const changeRow = z.object({
  sequence: z.number(),
  hash: z.string(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  note: z.string().nullable(),
  last_version: z.number(),
})
