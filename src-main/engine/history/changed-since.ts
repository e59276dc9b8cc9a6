import { z } from 'zod'
import { ROOT } from './index-schema.ts'
import { pathAt } from './locate.ts'
import type { Sqlite } from './sqlite.ts'
import { walkTree } from './tree-walk.ts'
import { type VersionState, versionStateSchema } from './version-state.ts'

/** What was below a folder at two times; paths relative to it. What is the same at both may be missing in both. */
export interface TwoTrees {
  readonly then: ReadonlyMap<string, VersionState>
  readonly now: ReadonlyMap<string, VersionState>
}

/** What was at one time of what got a version since. */
interface Placed {
  readonly path: string
  readonly state: VersionState
}

/** With so many versions since, a folder is walked: there may be less in it. */
const MANY = 20_000

/**
 * A folder (a file of the index, `ROOT` for the project) after version `point` and after the later version `now`, as far
 * as it differs. What is in it costs nothing, only what got versions in between, and what moved with a folder.
 */
export function changedSince(sqlite: Sqlite, folder: number, point: number, now: number): TwoTrees {
  if (folder !== ROOT && versionsSince(sqlite, point) > MANY) {
    return { then: allBelow(sqlite, folder, point), now: allBelow(sqlite, folder, now) }
  }
  const [before, after] = [placedAt(sqlite, folder, point, point), placedAt(sqlite, folder, point, now)]
  const trees = { then: new Map<string, VersionState>(), now: new Map<string, VersionState>() }
  for (const { path, state } of before.values()) trees.then.set(path, state)
  for (const { path, state } of after.values()) trees.now.set(path, state)
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(file), after.get(file)]
    if (was?.path === is?.path || (was ?? is)?.state.type !== 'directory') continue
    // With a folder that began or died in between, all that is in it got versions.
    if ((!was || !is) && folder === ROOT) continue
    if (was) addBelow(sqlite, file, point, was.path, trees.then)
    if (is) addBelow(sqlite, file, now, is.path, trees.now)
  }
  return { then: inOrder(trees.then), now: inOrder(trees.now) }
}

/** All that is below a folder at a time, as a tree that is compared. */
export function allBelow(sqlite: Sqlite, folder: number, point: number): ReadonlyMap<string, VersionState> {
  return new Map([...walkTree(sqlite, folder, point)].map(({ path, state }) => [path, state]))
}

function addBelow(sqlite: Sqlite, folder: number, at: number, path: string, tree: Map<string, VersionState>): void {
  for (const [below, state] of allBelow(sqlite, folder, at)) tree.set(`${path}/${below}`, state)
}

/** At most; ids of versions are given in order. */
function versionsSince(sqlite: Sqlite, point: number): number {
  return z.object({ n: z.number() }).parse(sqlite.get('SELECT coalesce(max(id), 0) n FROM version')).n - point
}

/** By file: what got a version after `since` and was below the folder at a time. */
function placedAt(sqlite: Sqlite, folder: number, since: number, at: number): Map<number, Placed> {
  const rows = sqlite.all(
    `SELECT p.file, p.parent, p.name, v.state FROM (SELECT DISTINCT file FROM version WHERE id > ?) c
     JOIN place p ON p.file = c.file AND p.since <= ? AND p.until > ?
     JOIN version v ON v.id = (SELECT max(id) FROM version WHERE file = c.file AND id <= ?)`,
    ...[since, at, at, at],
  )
  const folders = new Folders(sqlite, folder, at)
  const placed = new Map<number, Placed>()
  for (const row of rows) {
    const { file, parent, name, state } = placedRow.parse(row)
    const above = folders.pathOf(parent)
    if (above === null) continue
    const path = above === '' ? name : `${above}/${name}`
    placed.set(file, { path, state: versionStateSchema.parse(JSON.parse(state)) })
  }
  return placed
}

const placedRow = z.object({ file: z.number(), parent: z.number(), name: z.string(), state: z.string() })

/** Where folders were below a folder at a time, each looked up once. */
class Folders {
  private readonly known: Map<number, string | null>
  private readonly top: string | null

  constructor(
    private readonly sqlite: Sqlite,
    private readonly folder: number,
    private readonly at: number,
  ) {
    this.known = new Map([[folder, '']])
    this.top = folder === ROOT ? '' : pathAt(sqlite, ROOT, folder, at)
  }

  /** Null: it was elsewhere, or not there. */
  pathOf(file: number): string | null {
    const known = this.known.get(file)
    if (known !== undefined) return known
    const path = this.top === null ? null : pathAt(this.sqlite, this.folder, file, this.at)
    const below = path === null ? null : path.slice(this.top === '' ? 0 : (this.top ?? '').length + 1)
    this.known.set(file, below)
    return below
  }
}

/** As a walk has them: by the bytes of their names, each folder before what is in it. */
function inOrder(tree: ReadonlyMap<string, VersionState>): ReadonlyMap<string, VersionState> {
  const key = (path: string): string => path.replaceAll('/', '\0')
  const keyed = [...tree].map(([path, state]) => ({ key: key(path), path, state }))
  return new Map(keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ path, state }) => [path, state]))
}
