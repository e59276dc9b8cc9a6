import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ChangeEntry } from '../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex, type RecordedChange } from '../../../src-main/engine/history/history-index.ts'
import { findNames, findPrograms } from '../../../src-main/engine/history/find-names.ts'
import type { HistoryFilter } from '../../../src-main/engine/history/history-filter.ts'
import { changePage, versionPage } from '../../../src-main/engine/history/history-pages.ts'
import { FOREVER, openIndexForReading } from '../../../src-main/engine/history/index-schema.ts'
import { rebuildIndex } from '../../../src-main/engine/history/rebuild-index.ts'
import { planRestore } from '../../../src-main/engine/history/restore-plan.ts'
import { treePage } from '../../../src-main/engine/history/tree-page.ts'
import { planUndo } from '../../../src-main/engine/history/undo-plan.ts'
import { IzeError } from '../../../src-main/engine/ize-error.ts'
import { walkTree } from '../../../src-main/engine/history/tree-walk.ts'
import { Changes, created, deleted, directory, edited, file, renamed } from './changes.ts'

let folder: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-rebuild-'))
  database = join(folder, 'index.db')
})

afterEach(() => rmSync(folder, { recursive: true }))

/** Everything the index can be asked, as text. */
function answers(name: string): string {
  const sqlite = openIndexForReading(name)
  try {
    const tables = ['change', 'version', 'place', 'program'].map((table) => sqlite.all(`SELECT * FROM ${table}`))
    const tree = [...walkTree(sqlite, 0, FOREVER - 1)]
    const all = { before: null, limit: 1000 }
    const filters: HistoryFilter[] = [{}, { deleted: 'gone' }, { program: 'vim', kind: 'edit' }, { path: 'x' }]
    const lists = filters.map((filter) => versionPage(sqlite, null, all, filter))
    const times = [1_700_000_000, 1_700_000_003, 1_700_000_100].map((sec) => {
      const time = `${new Date(sec * 1000).toISOString().slice(0, 19)}.000000123Z`
      return attempt(() => treePage(sqlite, { path: '', version: time, deep: true, after: '', limit: 1000 }))
    })
    const ofPaths = paths.map((path) =>
      attempt(() => [versionPage(sqlite, path, all), planRestore(sqlite, path, '1', { removeOthers: true })]),
    )
    const found = ['a', 'D', 'd/'].map((text) => [findNames(sqlite, text, 100), findPrograms(sqlite, text, 100)])
    return JSON.stringify([
      tables,
      tree,
      lists,
      changePage(sqlite, all),
      times,
      ofPaths,
      found,
      attempt(() => planUndo(sqlite, null)),
    ])
  } finally {
    sqlite.close()
  }
}

/** An answer, or the sentence in its place. */
function attempt(ask: () => unknown): unknown {
  try {
    return ask()
  } catch (error) {
    if (error instanceof IzeError) return error.message
    throw error
  }
}

async function* replay(changes: readonly RecordedChange[]): AsyncGenerator<RecordedChange> {
  for (const change of changes) yield change
}

const paths = ['a', 'b', 'd', 'd/x', 'd/y', 'd/e', 'd/e/z', 'f', 'f/x']
const anyPath = fc.constantFrom(...paths)
const anyEntry: fc.Arbitrary<Omit<ChangeEntry, 'operations'>> = fc.oneof(
  anyPath.map((path) => created(file(path, path))),
  anyPath.map((path) => edited(file(path, `${path}+`))),
  anyPath.map((path) => created(directory(path))),
  anyPath.map((path) => deleted(path)),
  fc
    .tuple(anyPath, anyPath)
    .filter(([from, to]) => !to.startsWith(from) && !from.startsWith(to))
    .map(([from, to]) => renamed(from, file(to, from))),
)

it('however changes were appended, the rebuilt index answers the same', async () => {
  const anyChanges = fc.array(fc.array(anyEntry, { maxLength: 12 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(anyChanges, fc.integer({ min: 1, max: 4 }), async (lists, lot) => {
      const changes = new Changes()
      for (const entries of lists) changes.add('several', ...entries)
      const one = join(folder, 'one.db')
      const index = HistoryIndex.open(one)
      for (let at = 0; at < lists.length; at += lot) {
        index.append(changes.list.slice(at, at + lot))
        // A second append of the same changes, and a closed and opened index, make no difference.
        index.append(changes.list.slice(0, at + lot))
      }
      index.close()
      await rebuildIndex(database, replay(changes.list))
      expect(answers(database)).toBe(answers(one))
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    }),
    { numRuns: 60 },
  )
})

it('a damaged index is replaced by a rebuilt one', async () => {
  writeFileSync(database, 'not a database, but long enough to look like one'.repeat(100))
  expect(() => HistoryIndex.open(database)).toThrow(expect.objectContaining({ code: 'E_INDEX_DAMAGED' }))
  const changes = new Changes()
  changes.add('create', created(file('a', '1')))
  expect(await rebuildIndex(database, replay(changes.list))).toBe(1)
  const index = HistoryIndex.open(database)
  expect(index.fileAt('a')?.number).toBe(1)
  index.close()
})

it('a rebuild that fails leaves the old index as it was', async () => {
  const changes = new Changes()
  changes.add('create', created(file('a', '1')))
  const index = HistoryIndex.open(database)
  index.append(changes.list)
  index.close()
  const failing = async function* (): AsyncGenerator<RecordedChange> {
    yield* replay(changes.list)
    throw new Error('the repository went away')
  }
  await expect(rebuildIndex(database, failing())).rejects.toThrow('went away')
  expect(existsSync(`${database}.new`)).toBe(false)
  const same = HistoryIndex.open(database)
  expect(same.last()?.sequence).toBe(1)
  same.close()
})
