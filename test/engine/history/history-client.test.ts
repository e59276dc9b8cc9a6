import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HistoryClient } from '../../../src-main/engine/history/history-client.ts'
import { ProjectHistory } from '../../../src-main/engine/history/project-history.ts'
import { rebuildIndex } from '../../../src-main/engine/history/rebuild-index.ts'
import { created, directory, edited } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
let client: HistoryClient
let history: ProjectHistory

beforeEach(() => {
  project = new ProjectFixture()
  client = new HistoryClient()
  history = new ProjectHistory(client, project.root)
})
afterEach(async () => {
  await client.close()
  project.close()
})

it('answers from its thread while another one writes', async () => {
  for (let n = 1; n <= 30; n++) {
    project.append(edited(project.file('a', `line ${n}\n`)))
    expect((await history.resolve('a', null)).number).toBe(n)
  }
  const { versions, next } = await history.entries({ path: 'a', before: null, limit: 10 })
  expect(versions.map(({ number }) => number)).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21])
  expect(next).toBe(versions.at(-1)?.id)
  const { files, more } = await history.diff({ path: 'a', from: '1', to: '2', context: 3 })
  expect(more).toBe(0)
  expect(files[0]?.change).toMatchObject({ kind: 'text' })
  expect(await history.known(['a', 'b'])).toEqual([true, false])
  expect((await history.planRestore('a', '3')).steps).toHaveLength(1)
  expect((await history.changes({ before: null, limit: 2 })).changes).toHaveLength(2)
})

it('tells what exists now, page by page', async () => {
  project.append(created(directory('d')), ...[1, 2, 3, 4].map((n) => created(project.file(`d/${n}`, `${n}`))))
  const first = await history.current('', '', 3)
  expect(first).toMatchObject({ entries: [{ path: 'd' }, { path: 'd/1' }, { path: 'd/2' }], next: 'd/2' })
  expect(await history.current('', 'd/2', 3)).toMatchObject({ entries: [{ path: 'd/3' }, { path: 'd/4' }], next: null })
})

it('passes errors on as what they are', async () => {
  project.append(created(project.file('a', '1')))
  const unknown = expect.objectContaining({ name: 'IzeError', code: 'E_VERSION_UNKNOWN', data: { last: 1 } }) as Error
  await expect(history.resolve('a', '7')).rejects.toThrow(unknown)
  const other = new ProjectHistory(client, join(project.folder, 'nowhere'))
  await expect(other.known(['a'])).rejects.toThrow(expect.objectContaining({ code: 'E_INDEX_MISSING' }))
})

it('stops a comparison that is cancelled, and goes on answering', async () => {
  project.append(...Array.from({ length: 90 }, (_, n) => created(project.file(`${n}`, `${n}\n`.repeat(20_000)))))
  project.append(...Array.from({ length: 90 }, (_, n) => edited(project.file(`${n}`, `${n}+\n`.repeat(20_000)))))
  const controller = new AbortController()
  const diff = history.diff({ path: '', from: null, to: null, context: 3 }, { signal: controller.signal })
  controller.abort()
  await expect(diff).rejects.toThrow(expect.objectContaining({ code: 'E_CANCELLED' }))
  expect(await history.known(['1'])).toEqual([true])
})

it('exports a folder as it was after a version, with progress, and stops when cancelled', async () => {
  project.append(created(directory('d')), ...[1, 2, 3].map((n) => created(project.file(`d/${n}`, `${n}`, { ino: n }))))
  project.append(edited(project.file('d/1', 'later')))
  const seen: number[] = []
  const folder = join(project.folder, 'exported')
  const progress = ({ files }: { files: number }): unknown => seen.push(files)
  expect(await history.export({ path: 'd', version: '1', folder }, { progress })).toMatchObject({ files: 3 })
  expect(readFileSync(join(folder, '1'), 'utf8')).toBe('1')
  expect(seen.length).toBeGreaterThan(0)

  const many = Array.from({ length: 5000 }, (_, n) => created(project.file(`e/${n}`, `${n}`, { ino: 1000 + n })))
  project.append(...many)
  const controller = new AbortController()
  const target = join(project.folder, 'cancelled')
  const query = { path: '', version: null, folder: target }
  const exported = history.export(query, { signal: controller.signal, progress: () => controller.abort() })
  await expect(exported).rejects.toThrow(expect.objectContaining({ code: 'E_CANCELLED' }))
  expect(existsSync(target)).toBe(false)
})

it('notices an index that was rebuilt under it', async () => {
  project.append(created(project.file('a', '1')))
  expect((await history.resolve('a', null)).number).toBe(1)
  const { list } = project.changes
  project.changes.add('edit', edited(project.file('a', '2')))
  const replay = async function* () {
    yield* list
  }
  project.index.close()
  await rebuildIndex(join(project.root, 'index.db'), replay())
  expect((await history.resolve('a', null)).number).toBe(2)
})
