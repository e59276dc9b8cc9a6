import { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { containedIn } from '../store/contained.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { FOREVER, ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import { resolveVersion, versionAt } from './resolve-version.ts'
import type { Sqlite } from './sqlite.ts'
import { SELECT_VERSIONS, type Version, versionOf } from './version-rows.ts'

/** What forgetting versions of a file means; versions oldest first. */
export interface ForgetPlan {
  /** The file's versions whose content goes. */
  readonly goes: readonly Version[]
  /** Other versions, of it or other files, that have one of these contents: it goes from them, too. */
  readonly also: readonly Version[]
  /** Versions that were asked for and stay, since a file has their content now. */
  readonly stays: readonly { readonly version: Version; readonly path: string }[]
  /** Of the versions that were asked for: those that are forgotten already. */
  readonly already: number
  /** Addresses of the contents that go, and their bytes. */
  readonly objects: readonly string[]
  readonly bytes: number
}

/**
 * What goes when versions of a file are forgotten: all of them when none are named. A content is forgotten wherever it is
 * in history, and never while a file has it. Errors: as of `resolveVersion`; E_NOT_A_FILE for a folder, a link, a special
 * file.
 */
export function planForget(
  sqlite: Sqlite,
  store: ObjectStore,
  path: string,
  names: readonly string[] | null,
): ForgetPlan {
  const asked = withContent(path, names === null ? allOf(sqlite, path) : named(sqlite, path, names))
  const places = placesOf(sqlite, new Set(asked.map(({ object }) => object)))
  const now = new Map([...places].map(([object, of]) => [object, holderOf(sqlite, object, of)]))
  const lost = new Map<string, boolean>()
  const isLost = (object: string): boolean => {
    if (!lost.has(object)) lost.set(object, store.isForgotten(object))
    return lost.get(object) ?? false
  }
  const goes: Version[] = []
  const stays: { version: Version; path: string }[] = []
  const sizes = new Map<string, number>()
  let already = 0
  for (const { version, object } of asked) {
    const held = now.get(object) ?? null
    if (held !== null) stays.push({ version, path: held })
    else if (isLost(object)) already++
    else {
      goes.push(version)
      sizes.set(object, version.state.size ?? 0)
    }
  }
  const chosen = new Set(goes.map(({ id }) => id))
  const also = [...sizes.keys()]
    .flatMap((object) => places.get(object) ?? [])
    .filter(({ id }) => !chosen.has(id))
    .sort((a, b) => a.id - b.id)
    .map(({ id }) => versionOf(sqlite.get(`${SELECT_VERSIONS} WHERE v.id = ?`, id)))
  const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  return { goes, also, stays, already, objects: [...sizes.keys()], bytes }
}

/**
 * That none of the contents which are to go is a part of one that stays. Reads the lists of all contents.
 * Errors: E_FORGET, which names two such versions; E_CANCELLED; those of the store.
 */
export async function expectNoPart(
  sqlite: Sqlite,
  store: ObjectStore,
  { objects }: Pick<ForgetPlan, 'objects'>,
  signal: AbortSignal,
): Promise<void> {
  if (objects.length === 0) return
  const all = sqlite
    .all(`SELECT DISTINCT state ->> 'object' AS object FROM version WHERE object IS NOT NULL`)
    .map((row) => objectRow.parse(row).object)
  const [shared] = await containedIn(store, all, new Set(objects), signal)
  if (!shared) return
  const [part, whole] = shared.map((object) => {
    const { number, path } = versionOf(
      sqlite.get(`${SELECT_VERSIONS} WHERE v.state ->> 'object' = ? ORDER BY v.id DESC LIMIT 1`, object),
    )
    return `version ${number} of "${pathToText(path)}"`
  })
  const why = `the content of ${part ?? ''} is also a part of ${whole ?? ''}, which stays`
  throw new IzeError('E_FORGET', `Nothing is forgotten: ${why}. Forget that version with it.`, { shared: shared[0] })
}

const objectRow = z.object({ object: z.string() })

/** Those with a content: a deletion has none. */
function withContent(path: string, versions: readonly Version[]): { version: Version; object: string }[] {
  const found = versions.flatMap((version) => {
    const { object, present } = version.state
    return present && object !== undefined ? [{ version, object }] : []
  })
  if (found.length > 0) return found
  const message = `"${pathToText(path)}" has no contents in these versions: only versions of files can be forgotten.`
  throw new IzeError('E_NOT_A_FILE', message)
}

function allOf(sqlite: Sqlite, path: string): Version[] {
  const { file, version } = resolveVersion(sqlite, path, null)
  if (file === ROOT) return [version]
  return sqlite.all(`${SELECT_VERSIONS} WHERE v.file = ? ORDER BY v.id`, file).map(versionOf)
}

function named(sqlite: Sqlite, path: string, names: readonly string[]): Version[] {
  const found = new Map<number, Version>()
  for (const name of names) {
    const { version } = resolveVersion(sqlite, path, name)
    found.set(version.id, version)
  }
  return [...found.values()].sort((a, b) => a.id - b.id)
}

/** Rows of the index looked at, at a time. */
const PAGE = 20_000
const placeRow = z.object({ id: z.number(), file: z.number(), object: z.string() })
type Place = Pick<z.infer<typeof placeRow>, 'id' | 'file'>

/** The versions that have one of these contents, whatever their file. Goes through the index once. */
function placesOf(sqlite: Sqlite, objects: ReadonlySet<string>): Map<string, Place[]> {
  const found = new Map([...objects].map((object): [string, Place[]] => [object, []]))
  for (let after = 0; ;) {
    const rows = sqlite.all(
      `SELECT id, file, coalesce(json_extract(state, '$.object'), '') AS object FROM version WHERE id > ? ORDER BY id
        LIMIT ${PAGE}`,
      after,
    )
    for (const row of rows) {
      const { id, file, object } = placeRow.parse(row)
      found.get(object)?.push({ id, file })
      after = id
    }
    if (rows.length < PAGE) return found
  }
}

/** The path of a file that has the content now; null: none has. */
function holderOf(sqlite: Sqlite, object: string, places: readonly Place[]): string | null {
  for (const file of new Set(places.map(({ file }) => file))) {
    const newest = versionAt(sqlite, file, FOREVER)
    if (!newest?.state.present || newest.state.object !== object) continue
    const path = pathAt(sqlite, ROOT, file, FOREVER - 1)
    if (path !== null) return path
  }
  return null
}
