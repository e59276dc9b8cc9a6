import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { versionPage } from '../../src-main/engine/history/history-pages.ts'
import { HistoryIndex } from '../../src-main/engine/history/history-index.ts'
import { openIndexForReading } from '../../src-main/engine/history/index-schema.ts'
import { checkProof } from '../../src-main/engine/store/seals/check-proof.ts'
import { makeProof, proofText, readProof } from '../../src-main/engine/store/seals/proof-document.ts'
import { Mmr } from '../../src-main/engine/store/mmr/mmr.ts'
import { decodeSeal, encodeSeal, sealAddress, sealOf } from '../../src-main/engine/store/seals/seal.ts'
import { ObjectStore, type StoredContent } from '../../src-main/engine/store/object-store.ts'
import { Trees } from '../../src-main/engine/store/tree/tree.ts'
import * as native from '../../src-main/engine/sys/native.ts'
import { median } from '../statistics.ts'
import { noise } from '../material.ts'
import { fileEntry, pijulHash, type SealedProject } from './sealed-project.ts'
import { VersionedText } from './versioned-text.ts'

type Work = (project: SealedProject, ...amounts: number[]) => Promise<object>

const MiB = 2 ** 20
const SAMPLES = 21
/** A large file has nothing but zeros behind so many bytes. */
const FILLED = 4096 * MiB

/** What `store-process` can do beside importing. Times are in milliseconds, each the median of its samples. */
export const storeWorks: Readonly<Record<string, Work>> = {
  /** Versions of a text of so many MB, each recorded and sealed on its own; then a collection. */
  async versions(project, count = 0, megabytes = 10) {
    const text = new VersionedText(megabytes)
    const begun = performance.now()
    for (let n = 0; n < count; n++) await sealText(project, 'text.txt', n === 0 ? text.current() : text.next())
    await project.store.flush()
    const seconds = (performance.now() - begun) / 1000
    const before = await project.bytes()
    const collecting = performance.now()
    await project.collect()
    return {
      seconds,
      before,
      gc: (performance.now() - collecting) / 1000,
      after: await project.bytes(),
    }
  },

  /** One edit among so many files: the new chunk, tree nodes, seal, leaf; all but the flush. */
  async 'edit-one'(project, files = 0) {
    await sealFiles(project, files)
    const [times, sizes]: [number[], number[]] = [[], []]
    for (let n = 0; n < SAMPLES; n++) {
      const path = pathOf(Math.floor((files / SAMPLES) * n))
      const bytes = Buffer.from(`${contentOf(n)}edited ${n}\n`)
      const before = await project.bytes()
      const begun = performance.now()
      await sealText(project, path, bytes)
      times.push(performance.now() - begun)
      sizes.push((await project.bytes()) - before)
    }
    return { ms: median(times), bytes: median(sizes) }
  },

  /** 4 KiB of so many MB, with what is unchanged known; flushed too. */
  async 'edit-large'(project, megabytes = 0) {
    const size = megabytes * MiB
    const fd = openSync(join(project.layout.root, 'large'), 'w+')
    try {
      ftruncateSync(fd, size)
      fillWithNoise(fd, Math.min(size, FILLED))
      const memory = process.resourceUsage().maxRSS
      const segments = Float64Array.from([fd, 0, size])
      let stored = (await project.store.putContents([{ segments, hint: '' }]))[0] as StoredContent
      await project.seal('create', [fileEntry('large', stored, 'create')])
      await project.store.flush()
      const added = process.resourceUsage().maxRSS - memory
      const [times, sizes]: [number[], number[]] = [[], []]
      for (let n = 0; n < 9; n++) {
        const at = Math.floor((Math.min(size, FILLED) / 10) * (n + 0.5))
        writeSync(fd, noise(4096, -n - 1), 0, 4096, at)
        const unchanged = Float64Array.from([0, at, at + 4096, size - at - 4096])
        const before = await project.bytes()
        const begun = performance.now()
        stored = project.store.putContent({ segments, hint: '', previous: stored.hash, unchanged })
        await project.seal('edit', [fileEntry('large', stored, 'edit')])
        await project.store.flush()
        times.push(performance.now() - begun)
        sizes.push((await project.bytes()) - before)
      }
      return { ms: median(times), bytes: median(sizes), megabytes: added / 1024 }
    } finally {
      closeSync(fd)
    }
  },

  /** Versions of a text of 1 MB among so many seals, before and after a collection, each found by its seal's number. */
  async 'read-version'(project, seals = 0) {
    const text = new VersionedText(1)
    const every = Math.max(1, Math.floor(seals / 1000))
    for (let n = 0; n < seals; n++) {
      if (n % every === 0) await sealText(project, 'text.txt', n === 0 ? text.current() : text.next())
      else await sealText(project, `d${n % 50}/f${n % 1000}`, Buffer.from(contentOf(n)))
    }
    await project.store.flush()
    const before = readTimes(project)
    await project.collect()
    return { before, after: readTimes(project) }
  },

  /** A proof of one file among so many seals, made and checked. */
  proof(project, leaves = 0) {
    const { store, layout } = project
    const nodes: Buffer[] = []
    const tree = store.putNode('tree', Buffer.from('a tree of one node'))
    nodes.push(store.getNode(tree).bytes)
    const mmr = Mmr.open(join(layout.root, 'range'), 'append')
    const middle = Math.floor(leaves / 2)
    const { metadata, ...change } = project.change('edit', [])
    const seal = encodeSeal(
      sealOf({ change: { ...change, n: middle + 1, metadata, message: '' }, tree, parent: tree, author: 'bench' }),
    )
    for (let at = 0; at < leaves; at += 10_000)
      mmr.append(Array.from({ length: 10_000 }, (_, n) => (at + n === middle ? sealAddress(seal) : address(at + n))))
    const file = { object: address(1), size: 1 }
    const times: number[] = []
    for (let n = 0; n < SAMPLES; n++) {
      const begun = performance.now()
      const proof = proofText(makeProof({ project: PROJECT, path: 'f', file, seal, nodes, mmr }))
      const check = checkProof(readProof(proof), { file, find: (get, root) => (get(root), file) })
      times.push(performance.now() - begun)
      if (!check.ok) throw check.fault
    }
    mmr.close()
    return Promise.resolve({ ms: median(times) })
  },

  /** BLAKE3 of so many MB that are in memory, on one core. */
  hash(_project, megabytes = 0) {
    const piece = noise(64 * MiB, 1)
    const begun = performance.now()
    for (let at = 0; at < megabytes; at += 64) native.hashBytes(piece, 'ize bench')
    return Promise.resolve({ ms: performance.now() - begun })
  },

  /** The first page of the history of a file that has so many versions. */
  async 'history-page'(project, versions = 0) {
    const index = HistoryIndex.open(project.layout.index)
    const object = project.store.put(Buffer.from('x')).hash
    const changes = Array.from({ length: versions }, (_, n) => {
      const kind = n === 0 ? 'create' : 'edit'
      const change = project.change(kind, [fileEntry('d/f', { hash: object, size: n }, kind)])
      const { entries, ...metadata } = change.metadata
      const operations: [number, number] = [n + 1, n + 1]
      const own = { first: n + 1, last: n + 1, entries: entries.map((entry) => ({ ...entry, operations })) }
      return { ...change, hash: pijulHash(n), n: n + 1, metadata: { ...metadata, ...own } }
    })
    index.append(changes)
    index.close()
    const sqlite = openIndexForReading(project.layout.index)
    const times = Array.from({ length: SAMPLES }, () => {
      const begun = performance.now()
      versionPage(sqlite, 'd/f', { before: null, limit: 50 })
      return performance.now() - begun
    })
    sqlite.close()
    return Promise.resolve({ ms: median(times) })
  },
}

const PROJECT = '01234567-89ab-4def-8123-456789abcdef'

/** No piece of it is like another. */
function fillWithNoise(fd: number, bytes: number): void {
  const piece = noise(MiB, 1)
  for (let at = 0; at < bytes; at += MiB) {
    for (let word = 0; word < MiB; word += 4096) piece.writeDoubleLE(at + word, word)
    writeSync(fd, piece, 0, MiB, at)
  }
}

/** Records one version of a file as the recorder does, from a descriptor. */
async function sealText(project: SealedProject, path: string, bytes: Buffer): Promise<void> {
  const { store, timeline } = project
  const previous = timeline.trees.lookup(timeline.head.tree, path)?.state.object
  const fd = openSync(join(project.layout.root, 'scratch'), 'w+')
  try {
    writeSync(fd, bytes)
    const segments = Float64Array.from([fd, 0, bytes.length])
    const stored = store.putContent({ segments, hint: 'txt', ...(previous === undefined ? {} : { previous }) })
    store.publish()
    const kind = previous === undefined ? 'create' : 'edit'
    await project.seal(kind, [fileEntry(path, stored, kind)])
  } finally {
    closeSync(fd)
  }
}

/** Small files, all new, under one seal. */
async function sealFiles(project: SealedProject, files: number): Promise<void> {
  const entries = Array.from({ length: files }, (_, n) =>
    fileEntry(pathOf(n), project.store.put(Buffer.from(contentOf(n)), 'txt'), 'create'),
  )
  await project.seal('import', entries)
  await project.store.flush()
}

/** Reads versions of text.txt by the number of a seal, with nothing in the store's memory. */
function readTimes({ layout }: SealedProject): number {
  const range = Mmr.open(layout.mmr, 'read')
  const times = Array.from({ length: SAMPLES }, (_, n) => {
    const store = ObjectStore.open(layout.objects)
    const begun = performance.now()
    const seal = decodeSeal(store.nodes('seal').get(range.leaf(Math.floor(((range.leaves - 1) / SAMPLES) * (n + 0.5)))))
    const found = new Trees(store.nodes('tree')).lookup(seal.tree, 'text.txt')
    store.read(found?.state.object ?? '', 4 * MiB)
    const taken = performance.now() - begun
    store.close()
    return taken
  })
  range.close()
  return median(times)
}

function pathOf(n: number): string {
  return `d${Math.floor(n / 2500)}/d${Math.floor(n / 50)}/f${n}.txt`
}

function address(n: number): string {
  return n.toString(16).padStart(64, '0')
}

function contentOf(n: number): string {
  return `file ${n}: ${String(Math.imul(n, 0x9e3779b1))}\n`
}
