import { dirname } from 'node:path'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { changeKinds } from './change-metadata.ts'
import { localTime } from './local-time.ts'
import { resolveSealOrTag } from './resolve-seal.ts'
import type { Sqlite } from './sqlite.ts'
import type { ChangeHead } from './version-rows.ts'

export interface Change extends ChangeHead {
  readonly lastVersion: number
}

/** Longer runs of digits are taken for the beginning of a hash. */
export const NUMBER = /^\d{1,7}$/
const TIME = /^(-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$/
const HASH = /^[A-Z2-7]{1,64}$/

/**
 * The change of the project that a name means. A name is, in this order, so that each has one meaning: a number (from 1,
 * oldest first); a time (RFC 3339 in UTC with nanoseconds; time-text.ts writes all others so), which means the newest
 * change at or before it; a tag, a seal (resolve-seal.ts); a hash, or an unambiguous beginning of one.
 *
 * Errors: E_VERSION_UNKNOWN, E_VERSION_AMBIGUOUS, E_SEAL_AMBIGUOUS.
 */
export function changeNamed(sqlite: Sqlite, name: string): Change {
  if (NUMBER.test(name)) return numbered(sqlite, Number(name))
  const [, seconds, nanos] = TIME.exec(name) ?? []
  if (seconds !== undefined) return changeAt(sqlite, [Date.parse(`${seconds}Z`) / 1000, Number(nanos)])
  const meant = resolveSealOrTag(dirname(sqlite.file), name)
  return meant === null ? changeByHash(sqlite, name) : numbered(sqlite, meant)
}

/** Errors: E_VERSION_UNKNOWN when there is none. */
export function newestChange(sqlite: Sqlite): Change {
  const [last] = changesWhere(sqlite, '1 ORDER BY sequence DESC')
  if (!last) throw new IzeError('E_VERSION_UNKNOWN', 'This project has no history yet.')
  return last
}

function numbered(sqlite: Sqlite, number: number): Change {
  const [change] = changesWhere(sqlite, 'sequence = ?', number)
  if (change) return change
  const last = newestChange(sqlite).sequence
  const message = `The project has no change ${number}: its changes are 1 to ${last}.`
  throw new IzeError('E_VERSION_UNKNOWN', message, { last })
}

function changeAt(sqlite: Sqlite, time: readonly [number, number]): Change {
  const [change] = changesWhere(sqlite, '(sec, nsec) <= (?, ?) ORDER BY sec DESC, nsec DESC, sequence DESC', ...time)
  if (change) return change
  const [first] = changesWhere(sqlite, '1 ORDER BY sec, nsec, sequence')
  const began = localTime((first ?? newestChange(sqlite)).time)
  throw new IzeError(
    'E_VERSION_UNKNOWN',
    `The project began at ${began}; there is nothing of ${localTime(time)} in it.`,
  )
}

function changeByHash(sqlite: Sqlite, name: string): Change {
  const start = name.toUpperCase()
  if (!HASH.test(start)) {
    const message = `"${name}" names no version: write its number, a time such as "yesterday 14:00", a part of the name of its seal, a tag, or the hash of a change or the beginning of one.`
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

const changeRow = z.object({
  sequence: z.number(),
  hash: z.string(),
  kind: z.enum(changeKinds),
  sec: z.number(),
  nsec: z.number(),
  note: z.string().nullable(),
  last_version: z.number(),
})
