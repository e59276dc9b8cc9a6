import { existsSync } from 'node:fs'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { Sqlite } from './sqlite.ts'

/**
 * The tables of `index.db`. Everything in them follows from the changes' metadata, replayed in order, so the file may
 * be deleted at any time and made anew.
 *
 * Ids of versions are given in order and never reused: they are the clock of the index. "After change c" is "after
 * version c.last_version".
 *
 * - `change`: one Pijul change; `sequence` is its place in the channel's log, from 1: place 0 has the root that
 *   Pijul makes itself. `moment`: the first change of those that one program made within seconds (moment-rule.ts), which
 *   follow each other without a gap. `programs`: JSON, ids of those that made its versions, null for an unknown one.
 *   `removed`: how many of its versions are deletions. `moment_files`, `moment_gone`: how many files and folders the
 *   moment had touched when the change was done, and how many of them were gone then; `moment_folders`,
 *   `moment_gone_folders`: how many of these are folders.
 * - `program`: a process, as the metadata tells of it. `program_name`: a name of such, whatever the case of its letters.
 * - `version`: one entry of a change. `file` is the id of the file's first version: a file has no other name, since it
 *   may be renamed, die and come back. `number` counts its versions from 1. `state` is JSON (`versionStateSchema`).
 * - `place`: where a file hung in the tree, from version `since` to before version `until`: under a directory (a file
 *   itself; 0 is the root) by a name. So renaming a directory is one row, whatever is below it; a path at a point in
 *   time is found from the root down, one row for each name.
 * - `below`: which versions a folder's history has beside its own: of all that was below it, while it was there. The root,
 *   which has all, has no rows. So a page of a folder's history costs a page, however much there is.
 */
export const ROOT = 0
/** `until` of a place that still holds. */
export const FOREVER = Number.MAX_SAFE_INTEGER

export const INDEX_VERSION = 5

const SCHEMA = `
CREATE TABLE change (
  sequence INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, state TEXT NOT NULL, kind TEXT NOT NULL,
  sec INTEGER NOT NULL, nsec INTEGER NOT NULL, first_op INTEGER NOT NULL, last_op INTEGER NOT NULL,
  first_version INTEGER NOT NULL, last_version INTEGER NOT NULL, note TEXT,
  moment INTEGER NOT NULL, programs TEXT NOT NULL, removed INTEGER NOT NULL,
  moment_files INTEGER NOT NULL, moment_gone INTEGER NOT NULL,
  moment_folders INTEGER NOT NULL, moment_gone_folders INTEGER NOT NULL
) STRICT;
CREATE INDEX change_by_time ON change (sec, nsec, removed);
CREATE INDEX change_of_moment ON change (moment, kind);
CREATE INDEX seal_by_hand ON change (sequence) WHERE kind = 'seal';
CREATE TABLE program (id INTEGER PRIMARY KEY, name TEXT NOT NULL, detail TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE program_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE UNIQUE) STRICT;
CREATE TABLE version (
  id INTEGER PRIMARY KEY, change INTEGER NOT NULL, file INTEGER NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL,
  path TEXT NOT NULL, origin TEXT, program INTEGER, program_name INTEGER, first_op INTEGER NOT NULL,
  last_op INTEGER NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE INDEX version_of_file ON version (file, id, number);
CREATE INDEX version_of_program ON version (program_name);
CREATE INDEX deletion ON version (id) WHERE kind = 'delete';
CREATE TABLE place (
  parent INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, file INTEGER NOT NULL,
  PRIMARY KEY (parent, name, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_of_file ON place (file, since);
CREATE TABLE below (
  folder INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (folder, version)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${INDEX_VERSION};
`

/**
 * Opens the index for writing; a missing or empty file becomes an empty index.
 * Errors: E_INDEX_VERSION (written by another version of Ize), E_INDEX_DAMAGED; after both the index can be rebuilt.
 */
export function openIndex(file: string): Sqlite {
  return checked(file, () => {
    const sqlite = Sqlite.open(file)
    if (schemaVersion(sqlite) === 0) sqlite.transaction(() => sqlite.exec(SCHEMA))
    return sqlite
  })
}

/** Opens an existing index for reading. Errors as of `openIndex`, and E_INDEX_MISSING. */
export function openIndexForReading(file: string): Sqlite {
  if (!existsSync(file)) throw new IzeError('E_INDEX_MISSING', `There is no history index at ${file}.`)
  return checked(file, () => Sqlite.openForReading(file))
}

function checked(file: string, open: () => Sqlite): Sqlite {
  let sqlite: Sqlite
  let version: number
  try {
    sqlite = open()
    version = schemaVersion(sqlite)
  } catch (cause) {
    throw new IzeError('E_INDEX_DAMAGED', `The history index ${file} cannot be opened: ${String(cause)}`, {}, { cause })
  }
  if (version === INDEX_VERSION) return sqlite
  sqlite.close()
  throw new IzeError('E_INDEX_VERSION', `The history index ${file} has format ${version}, not ${INDEX_VERSION}.`)
}

function schemaVersion(sqlite: Sqlite): number {
  return z.object({ user_version: z.number() }).parse(sqlite.get('PRAGMA user_version')).user_version
}
