import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RecordedChange } from '../../../src-main/engine/history/history-index.ts'
import { openCurrentIndex } from '../../../src-main/engine/history/open-current-index.ts'
import { PijulRepository } from '../../../src-main/engine/sys/native.ts'
import { Changes, created, edited, file } from './changes.ts'

let folder: string
let database: string
let repository: PijulRepository
let changes: Changes

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ize-current-'))
  database = join(folder, 'index.db')
  repository = await PijulRepository.open(folder, 'main')
  changes = new Changes()
})
afterEach(async () => {
  await repository.close()
  rmSync(folder, { recursive: true })
})

async function record({ metadata }: RecordedChange): Promise<void> {
  const content = Buffer.from(`${changes.list.length}`)
  await repository.record([
    {
      message: `${changes.list.length}`,
      author: 'test',
      timeMs: 0,
      metadata: Buffer.from(JSON.stringify(metadata)),
      edits: [{ kind: 'write', path: 'a', content, executable: false }],
    },
  ])
}

async function versions(): Promise<number | null> {
  const index = await openCurrentIndex(database, repository)
  const number = index.fileAt('a')?.number ?? null
  index.close()
  return number
}

it('takes in what a crash kept from the index', async () => {
  expect(await versions()).toBeNull()
  await record(changes.add('create', created(file('a', '1'))))
  expect(await versions()).toBe(1)
  await record(changes.add('edit', edited(file('a', '2'))))
  await record(changes.add('edit', edited(file('a', '3'))))
  expect(await versions()).toBe(3)
  rmSync(database)
  expect(await versions()).toBe(3)
})

it('makes a damaged index anew', async () => {
  await record(changes.add('create', created(file('a', '1'))))
  writeFileSync(database, Buffer.alloc(8192, 'damaged'))
  expect(await versions()).toBe(1)
})

it('makes an index anew that knows changes the repository lost', async () => {
  await record(changes.add('create', created(file('a', '1'))))
  const index = await openCurrentIndex(database, repository)
  index.append([changes.add('edit', edited(file('a', 'lost')))])
  expect(index.fileAt('a')?.number).toBe(2)
  index.close()
  expect(await versions()).toBe(1)
})
