import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { collect, type Collected, type CollectOptions } from '../../../src-main/engine/store/collect.ts'
import { Mmr } from '../../../src-main/engine/store/mmr/mmr.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import { decodeSeal } from '../../../src-main/engine/store/seals/seal.ts'
import { Timeline } from '../../../src-main/engine/store/timeline.ts'
import { Changes, created, deleted, edited, file } from '../history/changes.ts'

let root: string
let layout: ProjectLayout
let store: ObjectStore
let timeline: Timeline
let changes: Changes
/** Every content that some version has. */
let contents: Map<string, string>

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'ize-collect-'))
  layout = projectLayout(root)
  mkdirSync(layout.objects)
  await reopen()
  changes = new Changes()
  contents = new Map()
})
afterEach(() => {
  timeline.close()
  store.close()
  rmSync(root, { recursive: true })
})

async function reopen(): Promise<void> {
  store = ObjectStore.open(layout.objects, { write: true })
  const channel = { log: (from: number) => Promise.resolve(changes.list.slice(from - 1, from)) }
  timeline = await Timeline.open(store, layout, channel)
}

function content(text: string): { object: string; size: number } {
  const { hash, size } = store.put(Buffer.from(text))
  contents.set(hash, text)
  return { object: hash, size }
}

async function change(...entries: Parameters<Changes['add']> extends [unknown, ...infer E] ? E : never): Promise<void> {
  await timeline.append([changes.add('several', ...entries)])
}

async function collected(options?: CollectOptions): Promise<Collected> {
  const range = Mmr.open(layout.mmr, 'read')
  return collect(
    store,
    { range, tags: () => Promise.resolve([]), contents: contents.keys(), pruned: new Set() },
    options,
  ).finally(() => range.close())
}

function expectWhole(): void {
  for (const [object, text] of contents) expect(store.read(object, 1e9).toString()).toBe(text)
  const seen = new Set<string>()
  const range = Mmr.open(layout.mmr, 'read')
  for (let n = 0; n < range.leaves; n++) {
    const seal = decodeSeal(store.nodes('seal').get(range.leaf(n)))
    expect(seal.n).toBe(n + 1)
    for (const { kind, address } of timeline.trees.reachable(seal.tree, seen)) {
      if (kind === 'content') expect(store.has(address)).toBe(true)
    }
  }
  range.close()
}

const big = (seed: number): string => Array.from({ length: 60_000 }, (_, i) => (i * seed) % 9973).join(' ')

it('keeps all versions of everything and lets go of the rest', async () => {
  await change(created(file('a', '', content(big(7)))), created(file('b', '', content('small'))))
  await change(edited(file('a', '', content(big(11)))), deleted('b'))
  const garbage = store.put(randomBytes(500_000)).hash
  await store.flush()
  const { before, after, kept } = await collected()
  expect(kept).toBeGreaterThan(8)
  expect(after).toBeLessThan(before)
  expect(store.has(garbage)).toBe(false)
  expectWhole()
  // Also for whoever opens it later.
  timeline.close()
  store.close()
  await reopen()
  expectWhole()
})

it('begins a history that was collected when there was none', async () => {
  store.put(Buffer.from('garbage'))
  await collected()
  await change(created(file('a', '', content('first'))))
  await collected()
  expectWhole()
})

it('keeps the trees of directories with many names', async () => {
  await change(...Array.from({ length: 200 }, (_, i) => created(file(`d/f${i}`, '', content(`${i}`)))))
  for (let i = 0; i < 5; i++) await change(edited(file('d/f7', '', content(`again ${i}`))))
  await collected()
  expectWhole()
  const names = [...timeline.trees.walk(timeline.head.tree, '')].map(({ path }) => path)
  expect(names).toHaveLength(201)
})

it('goes on taking what is put while it runs', async () => {
  for (let i = 0; i < 30; i++) await change(created(file(`f${i}`, '', content(big(i + 2)))))
  const running = collected()
  for (let i = 0; i < 30; i++) {
    // The content of an old version, which is in a pack that goes.
    await change(created(file(`g${i}`, '', content(big(i + 2)))))
    await new Promise((done) => setImmediate(done))
  }
  await running
  expectWhole()
})

it('changes nothing when it is cancelled', async () => {
  for (let i = 0; i < 40; i++) await change(created(file(`f${i}`, '', content(`${i}`.repeat(3000)))))
  await store.flush()
  const garbage = store.put(Buffer.from('garbage')).hash
  const stop = new AbortController()
  const progress = (): void => stop.abort()
  for (let i = 0; i < 300; i++) await change(edited(file('f0', '', content(`${i}`))))
  await expect(collected({ signal: stop.signal, progress })).rejects.toMatchObject({ code: 'E_CANCELLED' })
  expect(store.has(garbage)).toBe(true)
  expectWhole()
})

it('refuses when something that must stay cannot be read', async () => {
  await change(created(file('a', '', { object: 'ab'.repeat(32), size: 3 })))
  const packs = (): number[] =>
    readdirSync(join(layout.objects, 'pack')).map((name) => statSync(join(layout.objects, 'pack', name)).size)
  await expect(collected()).rejects.toMatchObject({ code: 'E_OBJECT_MISSING' })
  expect(packs().length).toBeGreaterThan(0)
})

/** An object and all that it is made of. */
function below(address: string, into = new Set<string>()): Set<string> {
  if (into.has(address)) return into
  into.add(address)
  for (const child of store.children(address)) below(child, into)
  return into
}

it(
  'keeps of random graphs of lists and chunks what versions reach, and nothing else',
  { timeout: 60_000 },
  async () => {
    const piece = (n: number): string =>
      createHash('shake256', { outputLength: 80_000 }).update(String(n)).digest('hex')
    const pieces = Array.from({ length: 6 }, (_, n) => piece(n))
    const graph = fc.array(
      fc.record({ pieces: fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }), kept: fc.boolean() }),
      { maxLength: 8 },
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(graph, async (files) => {
        run++
        const all = new Set<string>()
        for (const [n, one] of files.entries()) {
          const text = one.pieces.map((at) => pieces[at] ?? '').join('')
          const object = one.kept ? content(text).object : store.put(Buffer.from(text)).hash
          if (one.kept) await change(created(file(`run ${run}/${n}`, '', { object, size: text.length })))
          below(object, all)
        }
        await store.flush()
        const reached = new Set<string>()
        for (const object of contents.keys()) below(object, reached)
        await collected()
        for (const address of all) expect(store.has(address)).toBe(reached.has(address))
        expectWhole()
      }),
      { numRuns: 8 },
    )
  },
)

it('keeps what random histories reach', async () => {
  const step = fc.record({ path: fc.nat(5), content: fc.nat(8), gone: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
      for (const [round, steps] of rounds.entries()) {
        const entries = new Map(steps.map((one) => [`p${one.path}`, one]))
        await change(
          ...[...entries].map(([path, one]) =>
            one.gone ? deleted(path) : edited(file(path, '', content(`${one.content} `.repeat(500)))),
          ),
        )
        store.put(Buffer.from(`garbage ${round}`))
        if (round % 3 === 2) await collected()
        expectWhole()
      }
    }),
    { numRuns: 15 },
  )
})
