import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type CallOptions, HistoryClient } from '../../../src-main/engine/history/history-client.ts'
import type { HistoryAnswers, HistoryCall } from '../../../src-main/engine/history/history-calls.ts'
import { rebuildIndex } from '../../../src-main/engine/history/rebuild-index.ts'
import { created, directory, edited } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
let client: HistoryClient

beforeEach(() => {
  project = new ProjectFixture()
  client = new HistoryClient()
})
afterEach(async () => {
  await client.close()
  project.close()
})

const ask = <M extends HistoryCall['method']>(
  method: M,
  call: Omit<Extract<HistoryCall, { method: M }>, 'method'>,
  options?: CallOptions,
): Promise<HistoryAnswers[M]> =>
  client.ask<M>(project.root, { method, ...call } as Extract<HistoryCall, { method: M }>, options)
const known = (...paths: string[]) => ask('known', { paths })
const newest = (path: string) => ask('resolve', { path, version: null })

it('answers from its thread while another one writes', async () => {
  for (let n = 1; n <= 30; n++) {
    project.append(edited(project.file('a', `line ${n}\n`)))
    expect((await newest('a')).number).toBe(n)
  }
  const { versions, next } = await ask('entries', { path: 'a', before: null, limit: 10 })
  expect(versions.map(({ number }) => number)).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21])
  expect(next).toBe(versions.at(-1)?.id)
  const { files, more } = await ask('diff', { path: 'a', from: '1', to: '2', after: '', context: 3 })
  expect(more).toBe(0)
  expect(files[0]?.change).toMatchObject({ kind: 'text' })
  expect(await known('a', 'b')).toEqual([true, false])
  expect((await ask('planRestore', { path: 'a', version: '3', removeOthers: false })).steps).toHaveLength(1)
  expect((await ask('changes', { before: null, limit: 2 })).changes).toHaveLength(2)
})

it('tells what exists, page by page', async () => {
  project.append(created(directory('d')), ...[1, 2, 3, 4].map((n) => created(project.file(`d/${n}`, `${n}`))))
  const page = (after: string) => ask('tree', { path: '', version: null, deep: true, after, limit: 3 })
  expect(await page('')).toMatchObject({ entries: [{ path: 'd' }, { path: 'd/1' }, { path: 'd/2' }], next: 'd/2' })
  expect(await page('d/2')).toMatchObject({ entries: [{ path: 'd/3' }, { path: 'd/4' }], next: null })
})

it('passes errors on as what they are', async () => {
  project.append(created(project.file('a', '1')))
  const unknown = expect.objectContaining({ name: 'IzeError', code: 'E_VERSION_UNKNOWN', data: { last: 1 } }) as Error
  await expect(ask('resolve', { path: 'a', version: '7' })).rejects.toThrow(unknown)
  const nowhere = client.ask(join(project.folder, 'nowhere'), { method: 'known', paths: ['a'] })
  await expect(nowhere).rejects.toThrow(expect.objectContaining({ code: 'E_INDEX_MISSING' }))
})

it('stops a comparison that is cancelled, and goes on answering', async () => {
  project.append(...Array.from({ length: 90 }, (_, n) => created(project.file(`${n}`, `${n}\n`.repeat(20_000)))))
  project.append(...Array.from({ length: 90 }, (_, n) => edited(project.file(`${n}`, `${n}+\n`.repeat(20_000)))))
  const controller = new AbortController()
  const diff = ask('diff', { path: '', from: null, to: null, after: '', context: 3 }, { signal: controller.signal })
  controller.abort()
  await expect(diff).rejects.toThrow(expect.objectContaining({ code: 'E_CANCELLED' }))
  expect(await known('1')).toEqual([true])
})

it('exports a folder as it was after a version, with progress, and stops when cancelled', async () => {
  project.append(created(directory('d')), ...[1, 2, 3].map((n) => created(project.file(`d/${n}`, `${n}`, { ino: n }))))
  project.append(edited(project.file('d/1', 'later')))
  const seen: number[] = []
  const folder = join(project.folder, 'exported')
  const progress = ({ files }: { files: number }): unknown => seen.push(files)
  expect(await ask('export', { path: 'd', version: '1', folder }, { progress })).toMatchObject({ files: 3 })
  expect(readFileSync(join(folder, '1'), 'utf8')).toBe('1')
  expect(seen.length).toBeGreaterThan(0)

  const many = Array.from({ length: 5000 }, (_, n) => created(project.file(`e/${n}`, `${n}`, { ino: 1000 + n })))
  project.append(...many)
  const controller = new AbortController()
  const target = join(project.folder, 'cancelled')
  const query = { path: '', version: null, folder: target }
  const exported = ask('export', query, { signal: controller.signal, progress: () => controller.abort() })
  await expect(exported).rejects.toThrow(expect.objectContaining({ code: 'E_CANCELLED' }))
  expect(existsSync(target)).toBe(false)
})

it('notices an index that was rebuilt under it', async () => {
  project.append(created(project.file('a', '1')))
  expect((await newest('a')).number).toBe(1)
  const { list } = project.changes
  project.changes.add('edit', edited(project.file('a', '2')))
  const replay = async function* () {
    yield* list
  }
  project.index.close()
  await rebuildIndex(join(project.root, 'index.db'), replay())
  expect((await newest('a')).number).toBe(2)
})
