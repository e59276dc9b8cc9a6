import { mkdirSync, mkdtempSync, rmSync, truncateSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RecordedChange } from '../../../src-main/engine/history/history-index.ts'
import { changesOf } from '../../../src-main/engine/history/open-current-index.ts'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import { readHead } from '../../../src-main/engine/store/seals/head-ref.ts'
import { decodeSeal } from '../../../src-main/engine/store/seals/seal.ts'
import { Timeline } from '../../../src-main/engine/store/timeline.ts'
import { PijulRepository } from '../../../src-main/engine/sys/native.ts'
import { Changes, created, deleted, edited, file, renamed } from '../history/changes.ts'

let root: string
let layout: ProjectLayout
let repository: PijulRepository
let store: ObjectStore
let changes: Changes

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ize-timeline-'))
  layout = projectLayout(root)
  mkdirSync(layout.objects)
  repository = await PijulRepository.open(root, 'main')
  store = ObjectStore.open(layout.objects, { write: true })
  changes = new Changes()
})
afterEach(async () => {
  store.close()
  await repository.close()
  rmSync(root, { recursive: true })
})

async function record(...kinds: Parameters<Changes['add']>): Promise<void> {
  const { metadata } = changes.add(...kinds)
  const change = { author: 'Ann', timeMs: 0, metadata: Buffer.from(JSON.stringify(metadata)), edits: [] }
  await repository.record([{ ...change, message: String(metadata.first) }])
}

async function all(from = 1): Promise<RecordedChange[]> {
  const found: RecordedChange[] = []
  for await (const change of changesOf(repository, from)) found.push(change)
  return found
}

/** Opens it, seals what is missing, and tells what it has. */
async function sealed(): Promise<{ root: string; seal: string | null; files: string[] }> {
  const timeline = await Timeline.open(store, layout, repository)
  await timeline.append(await all(timeline.sealed + 1))
  const { seal, tree } = timeline.head
  const files = [...timeline.trees.walk(tree, '')].map(({ path }) => path)
  const found = { root: timeline.root(), seal, files }
  timeline.close()
  return found
}

it('seals every change, with the tree after it', async () => {
  await record('create', created(file('a', '1')), created(file('d/b', '2')))
  await record('rename', renamed('d/b', file('c', '2')))
  const { seal, files, root: range } = await sealed()
  expect(files).toEqual(['a', 'c', 'd'])
  const newest = decodeSeal(store.nodes('seal').get(seal ?? ''))
  const [first, second] = await all()
  expect(newest).toMatchObject({ n: 2, kind: 'rename', programs: ['vim'], operations: [3, 3] })
  expect(newest.pijul).toEqual({ state: second?.state, change: second?.hash })
  const parent = decodeSeal(store.nodes('seal').get(newest.parents[0] ?? ''))
  expect(parent).toMatchObject({ n: 1, parents: [], pijul: { change: first?.hash } })
  expect(await readHead(layout.head)).toEqual({ seal, n: 2, root: range })
})

it('makes the same seals again, whatever of them was lost', async () => {
  for (let i = 0; i < 6; i++) {
    await record('edit', i === 0 ? created(file('a', '0')) : edited(file('a', String(i))), created(file(`f${i}`, 'x')))
  }
  await record('delete', deleted('f3'))
  const before = await sealed()
  // A torn write at the end of the range.
  truncateSync(layout.mmr, statSync(layout.mmr).size - 40)
  expect(await sealed()).toEqual(before)
  rmSync(layout.mmr)
  rmSync(layout.head)
  expect(await sealed()).toEqual(before)
  // Of the store nothing is left.
  store.close()
  rmSync(layout.objects, { recursive: true })
  mkdirSync(layout.objects)
  store = ObjectStore.open(layout.objects, { write: true })
  expect(await sealed()).toEqual(before)
})

it('forgets seals of changes that the channel has lost', async () => {
  await record('create', created(file('a', '1')))
  const before = await sealed()
  const timeline = await Timeline.open(store, layout, repository)
  await timeline.append([{ ...changes.add('edit', edited(file('a', 'lost'))), n: 2 }])
  timeline.close()
  expect(await sealed()).toEqual(before)
})

it('refuses a change that is not the next', async () => {
  await record('create', created(file('a', '1')))
  const timeline = await Timeline.open(store, layout, repository)
  const [first] = await all()
  await expect(timeline.append([{ ...(first as RecordedChange), n: 2 }])).rejects.toMatchObject({
    code: 'E_SEAL_ORDER',
  })
  timeline.close()
})
