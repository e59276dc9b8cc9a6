import { IzeError } from '../ize-error.ts'
import { reached } from '../sys/failpoint.ts'
import type { Mmr } from './mmr/mmr.ts'
import type { ObjectStore } from './object-store.ts'
import { decodeSeal } from './seals/seal.ts'
import { decodeTag } from './seals/tag.ts'
import type { TagRef } from './seals/tag-refs.ts'
import { Trees } from './tree/tree.ts'

/** What nothing may take away: every seal of the range, every tag, the content of every version that was not pruned. */
export interface Roots {
  readonly range: Pick<Mmr, 'leaves' | 'leaf'>
  /** Asked once the collection has begun. */
  readonly tags: () => Promise<readonly TagRef[]>
  /** Addresses of contents that history names, whether or not a seal's tree has them. */
  readonly contents: Iterable<string>
  /** Contents that were pruned: trees still name them, and that keeps them no more. */
  readonly pruned: ReadonlySet<string>
}

export interface Collected {
  /** Bytes of packs and loose contents before and after. */
  readonly before: number
  readonly after: number
  /** Objects that are kept. */
  readonly kept: number
}

export interface CollectOptions {
  readonly signal?: AbortSignal
  readonly progress?: (step: CollectProgress) => void
  /** Contents that go although history names them. What was forgotten before goes anyway, being gone. */
  readonly without?: ReadonlySet<string>
  /** Of a pack that a collection wrote, so many thousandths may be needed no more and it is left as it is. */
  readonly lost?: number
}

export interface CollectProgress {
  /** Seals are gone through; then blocks are written. */
  readonly phase: 'mark' | 'pack'
  readonly done: number
  readonly total: number
}

/**
 * Packs the store anew and lets go of what nothing leads to. The store is open for writing, and this is called between
 * two batches; batches may follow while it runs, since what they put is written again whether or not an old pack has
 * it. Ended anywhere, it has lost nothing. Errors: E_CANCELLED; those of reading, after which all is as it was.
 */
export async function collect(store: ObjectStore, roots: Roots, options: CollectOptions = {}): Promise<Collected> {
  store.gcBegin()
  try {
    const addresses = addressBytes(await reachable(store, roots, options))
    reached('collection-marked')
    const { before, after } = await rewrite(store, addresses, options)
    reached('collection-done')
    return { before, after, kept: addresses.length / ADDRESS_BYTES }
  } catch (error) {
    store.gcAbort()
    throw options.signal?.aborted ? cancelled() : error
  }
}

async function rewrite(
  store: ObjectStore,
  addresses: Uint8Array,
  { signal, progress, lost = 0 }: CollectOptions,
): Promise<{ before: number; after: number }> {
  const end = (): void => store.gcAbort()
  signal?.addEventListener('abort', end)
  const telling = setInterval(() => progress?.({ phase: 'pack', ...store.gcProgress() }), TELL_MS)
  try {
    if (signal?.aborted) throw cancelled()
    return await store.gcRewrite(addresses, lost)
  } finally {
    clearInterval(telling)
    signal?.removeEventListener('abort', end)
  }
}

function cancelled(): IzeError {
  return new IzeError('E_CANCELLED', 'Packing was cancelled; nothing was changed.')
}

const ADDRESS_BYTES = 32
const TELL_MS = 200
/** Objects looked at between two breaths of the thread. */
const LOT = 256

/** In the order of the seals: versions of one object are kept side by side, the newest as the one that is read at once. */
async function reachable(store: ObjectStore, roots: Roots, options: CollectOptions): Promise<Set<string>> {
  const { signal, progress, without = new Set() } = options
  const kept = new Set<string>()
  let steps = 0
  const total = roots.range.leaves
  for (const step of mark(store, roots, await roots.tags(), kept, without)) {
    if (++steps % LOT !== 0) continue
    progress?.({ phase: 'mark', done: step, total })
    await new Promise((done) => setImmediate(done))
    if (signal?.aborted) throw cancelled()
  }
  return kept
}

function addressBytes(addresses: ReadonlySet<string>): Buffer {
  const bytes = Buffer.alloc(addresses.size * ADDRESS_BYTES)
  let at = 0
  for (const address of addresses) {
    // What is no address would be left out in silence, and the object with it.
    if (bytes.write(address, at, 'hex') !== ADDRESS_BYTES) throw new Error(`"${address}" is not an address`)
    at += ADDRESS_BYTES
  }
  return bytes
}

/** Adds every address that is reachable; yields how many seals are done. */
function* mark(
  store: ObjectStore,
  { range, contents, pruned }: Roots,
  tags: readonly TagRef[],
  kept: Set<string>,
  without: ReadonlySet<string>,
): Generator<number> {
  const listed = store.forgotten()
  const goes = (content: string): boolean =>
    pruned.has(content) || without.has(content) || (listed.has(content) && !store.has(content))
  const total = range.leaves
  /** What the walks of the trees have seen, which is not only addresses. */
  const seen = new Set<string>()
  const trees = new Trees(store.nodes('tree'))
  for (let n = 0; n < total; n++) {
    const address = range.leaf(n)
    kept.add(address)
    for (const one of trees.reachable(decodeSeal(store.nodes('seal').get(address)).tree, seen)) {
      if (one.kind === 'content' && goes(one.address)) continue
      kept.add(one.address)
      if (one.kind === 'content') markBelow(store, one.address, kept)
      yield n
    }
  }
  for (const { kind, address } of tags) {
    kept.add(address)
    if (kind === 'tag') kept.add(decodeTag(store.nodes('tag').get(address)).seal)
  }
  for (const address of contents) {
    if (kept.has(address) || goes(address)) continue
    kept.add(address)
    markBelow(store, address, kept)
    yield total
  }
}

/** What of a content is below an address; a list that was met before is done. */
function markBelow(store: ObjectStore, address: string, kept: Set<string>): void {
  for (const child of store.children(address)) {
    if (kept.has(child)) continue
    kept.add(child)
    markBelow(store, child, kept)
  }
}
