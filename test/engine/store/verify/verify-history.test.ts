import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectLayout, type ProjectLayout } from '../../../../src-main/engine/project/layout.ts'
import { Mmr } from '../../../../src-main/engine/store/mmr/mmr.ts'
import { ObjectStore } from '../../../../src-main/engine/store/object-store.ts'
import { writeHead } from '../../../../src-main/engine/store/seals/head-ref.ts'
import { decodeSeal, encodeSeal, type Seal } from '../../../../src-main/engine/store/seals/seal.ts'
import { TagRefs } from '../../../../src-main/engine/store/seals/tag-refs.ts'
import { Trees } from '../../../../src-main/engine/store/tree/tree.ts'
import {
  verifyHistory,
  type Verified,
  type VerifyOptions,
} from '../../../../src-main/engine/store/verify/verify-history.ts'
import { PijulRepository } from '../../../../src-main/engine/sys/native.ts'
import { TestProject } from '../../../support/project.ts'

// A real project of five seals; each test damages a copy of it.
const SEALS = 5
const PROJECT = '01234567-89ab-4def-8123-456789abcdef'
let sound: TestProject
let layout: ProjectLayout

beforeAll(async () => {
  const source = mkdtempSync(join(tmpdir(), 'ize-verify-source-'))
  mkdirSync(join(source, 'd'))
  for (let n = 0; n < 50; n++) writeFileSync(join(source, 'd', `f${n}`), `file ${n}\n`)
  writeFileSync(join(source, 'big'), Buffer.alloc(600_000, 'what repeats itself, and some more of it '))
  sound = await TestProject.create(source)
  for (let n = 2; n <= SEALS; n++) await sound.session.make({ kind: 'seal', message: `seal ${n}` })
  await sound.session.close()
  rmSync(source, { recursive: true })
})
afterAll(() => sound.remove())
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'ize-verify-'))
  cpSync(sound.root, root, { recursive: true })
  layout = projectLayout(root)
})
afterEach(() => rmSync(layout.root, { recursive: true }))

async function verify(options: Partial<VerifyOptions> = {}): Promise<Verified> {
  const channel = await PijulRepository.open(layout.root, 'main')
  try {
    const live = (): boolean => false
    const rest = { since: 0, roots: [], live, objects: true, progress: () => undefined, cancelled: () => false }
    return await verifyHistory({ layout, project: PROJECT, channel, ...rest, ...options })
  } finally {
    await channel.close()
  }
}

const faults = async (options?: Partial<VerifyOptions>): Promise<string[]> =>
  (await verify(options)).faults.map(({ what, change }) => `${what} ${change ?? '-'}`)

function flip(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

const packs = (): string[] =>
  readdirSync(join(layout.objects, 'pack'))
    .filter((name) => name.endsWith('.pack'))
    .map((name) => join(layout.objects, 'pack', name))

function leaves(): string[] {
  const range = Mmr.open(layout.mmr, 'read')
  const all = Array.from({ length: range.leaves }, (_, index) => range.leaf(index))
  range.close()
  return all
}

/** Makes the range and the head anew, sound in themselves, over other leaves; the root. */
async function forge(addresses: readonly string[]): Promise<string> {
  rmSync(layout.mmr)
  const range = Mmr.open(layout.mmr, 'append')
  range.append(addresses)
  const root = range.root()
  range.close()
  await writeHead(layout.head, { seal: addresses.at(-1) ?? '', n: addresses.length, root }, { durable: false })
  return root
}

async function withStore<T>(work: (store: ObjectStore) => T): Promise<T> {
  const store = ObjectStore.open(layout.objects, { write: true })
  try {
    const done = work(store)
    await store.flush()
    return done
  } finally {
    store.close()
  }
}

const sealAt = (store: ObjectStore, address: string | undefined): Seal =>
  decodeSeal(store.nodes('seal').get(address ?? ''))

describe('verifying a history', () => {
  it('finds nothing wrong where nothing is, and says what it looked at', async () => {
    const verified = await verify()
    expect(verified).toMatchObject({ faults: [], more: 0, seals: SEALS, checked: { seals: SEALS, tags: 0, roots: 0 } })
    expect(verified.checked.objects).toBeGreaterThan(50 + SEALS)
    expect(verified.checked.bytes).toBeGreaterThan(0)
    expect(await verify({ since: 3 })).toMatchObject({ faults: [], checked: { seals: 2, bytes: 0 } })
    expect(await verify({ live: () => true })).toMatchObject({ faults: [] })
  })

  it('is cancelled between two steps', async () => {
    await expect(verify({ cancelled: () => true })).rejects.toMatchObject({ code: 'E_CANCELLED' })
  })

  it('names the leaf, or the node, of the range that has a wrong bit', async () => {
    // Positions: leaves 0 1 _ 3 4 _ _ 7, parents 2 5 6.
    flip(layout.mmr, 32 * 1 + 5)
    expect(await faults()).toEqual(['range -', 'seal 2'])
    flip(layout.mmr, 32 * 1 + 5)
    flip(layout.mmr, 32 * 6 + 5)
    expect(await faults()).toEqual(['range -', 'head 5'])
    flip(layout.mmr, 32 * 6 + 5)
    flip(layout.mmr, 32 * 7)
    expect(await faults()).toEqual(['seal 5', 'head 5'])
  })

  it('finds a flipped bit anywhere in a pack', async () => {
    const [pack = ''] = packs()
    const { length } = readFileSync(pack)
    for (const at of [0, Math.floor(length / 4), Math.floor(length / 2), length - 1]) {
      flip(pack, at)
      expect([at, (await faults()).length > 0]).toEqual([at, true])
      flip(pack, at)
    }
    expect(await faults()).toEqual([])
  })

  it('says which contents are missing', async () => {
    const damaged = packs()
    for (const pack of damaged) rmSync(pack)
    const { faults: found } = await verify()
    expect(found.filter(({ what }) => what === 'seal').map(({ change, object }) => [change, object])).toEqual(
      leaves().map((address, index) => [index + 1, address]),
    )
  })

  it('finds seals that were dropped', async () => {
    const all = leaves()
    await forge(all.slice(0, -1))
    expect(await faults()).toEqual(['range 5'])
    await forge(all.slice(0, 2))
    expect((await verify()).faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The seals 3 to 5 are missing from .*, of which the channel has the changes\.$/),
    ])
    rmSync(layout.mmr)
    rmSync(layout.head)
    expect(await faults()).toEqual(['range 1'])
  })

  it('finds seals that no change of the channel belongs to', async () => {
    const all = leaves()
    await forge([...all, ...all.slice(0, 1)])
    expect(await faults()).toEqual(['range 6'])
  })

  it('finds seals that were reordered', async () => {
    const [a = '', b = '', c = '', ...rest] = leaves()
    await forge([a, c, b, ...rest])
    expect(await faults()).toEqual(['seal 2', 'seal 3', 'seal 4'])
  })

  it('finds the newest seal rewritten, by what its change says', async () => {
    const all = leaves()
    const forged = async (other: (seal: Seal) => Partial<Seal>): Promise<void> => {
      const address = await withStore((store) => {
        const seal = sealAt(store, all[4])
        return store.putNode('seal', encodeSeal({ ...seal, ...other(seal) }))
      })
      await forge([...all.slice(0, -1), address])
    }
    for (const other of [
      () => ({ message: 'never said' }),
      () => ({ author: 'Eve <eve@example.org>' }),
      () => ({ time: [1, 0] as [number, number] }),
      ({ pijul }: Seal) => ({ pijul: { ...pijul, state: 'OTHER' } }),
      ({ pijul }: Seal) => ({ pijul: { ...pijul, change: 'OTHER' } }),
      () => ({ parents: [all[0] ?? ''] }),
      () => ({ n: 4 }),
    ]) {
      await forged(other)
      expect((await faults())[0]).toBe('seal 5')
    }
    await forged(() => ({ tree: 'f'.repeat(64) }))
    expect(await faults()).toEqual(['tree 5', 'tree 5'])
  })

  it('finds a tree that is whole, but not what the change makes', async () => {
    const all = leaves()
    const address = await withStore((store) => {
      const seal = sealAt(store, all[4])
      const trees = new Trees(store.nodes('tree'))
      return store.putNode(
        'seal',
        encodeSeal({ ...seal, tree: trees.edit(seal.tree, [{ kind: 'remove', path: 'big' }]) }),
      )
    })
    await forge([...all.slice(0, -1), address])
    expect(await faults()).toEqual(['tree 5'])
  })

  it('finds a head that is not the range’s', async () => {
    const all = leaves()
    const range = Mmr.open(layout.mmr, 'read')
    const older = { seal: all[2] ?? '', n: 3, root: range.rootAt(3) }
    range.close()
    await writeHead(layout.head, older, { durable: false })
    expect(await faults()).toEqual(['head 3'])
    expect(await faults({ live: () => true })).toEqual([])
    await writeHead(layout.head, { ...older, root: all[0] ?? '' }, { durable: false })
    expect(await faults({ live: () => true })).toEqual(['head 3'])
    writeFileSync(layout.head, '')
    expect(await faults()).toEqual(['head -'])
    rmSync(layout.head)
    expect(await faults()).toEqual(['head -'])
  })

  it('finds tags that lead nowhere, or cannot be read', async () => {
    const tags = new TagRefs(join(layout.refs, 'tags'))
    await tags.create('good', { kind: 'seal', address: leaves()[1] ?? '' })
    await tags.create('lost', { kind: 'tag', address: 'f'.repeat(64) })
    const never = await withStore((store) =>
      store.putNode('seal', encodeSeal({ ...sealAt(store, leaves()[1]), message: 'never' })),
    )
    await tags.create('never', { kind: 'seal', address: never })
    writeFileSync(join(layout.refs, 'tags', 'torn'), 'x')
    const verified = await verify()
    expect(verified.checked.tags).toBe(4)
    expect(verified.faults.map(({ message }) => /tag "(\w+)"/.exec(message)?.[1])).toEqual(['lost', 'never', 'torn'])
  })

  it('holds the history against earlier roots', async () => {
    const all = leaves()
    const range = Mmr.open(layout.mmr, 'read')
    const roots = [0, 1, 3, 5].map((leaves) => ({ kind: 'plain' as const, leaves, root: range.rootAt(leaves) }))
    range.close()
    expect(await verify({ roots })).toMatchObject({ faults: [], checked: { roots: 4 } })
    const wrong = { kind: 'plain' as const, leaves: 3, root: 'f'.repeat(64) }
    expect(await faults({ roots: [...roots, wrong] })).toEqual(['root -'])
    // Whatever the channel says: these are not the seals of then.
    await forge(all.slice(0, 4))
    const { faults: found } = await verify({ roots })
    expect(found.map(({ what, message }) => [what, /were dropped/.test(message)])).toEqual([
      ['range', false],
      ['root', true],
    ])
    await forge([all[1] ?? '', all[0] ?? '', ...all.slice(2)])
    expect((await faults({ roots })).filter((fault) => fault.startsWith('root'))).toHaveLength(3)
  })
})
