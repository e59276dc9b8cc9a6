import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RecordedChange } from '../history/history-index.ts'
import { changesOf } from '../history/open-current-index.ts'
import { IzeError } from '../ize-error.ts'
import { reached } from '../sys/failpoint.ts'
import { collect, type CollectOptions, type Collected, type Roots } from './collect.ts'
import { Mmr } from './mmr/mmr.ts'
import type { ObjectStore } from './object-store.ts'
import { writeHead } from './seals/head-ref.ts'
import { decodeSeal, encodeSeal, type Seal, sealOf } from './seals/seal.ts'
import { Trees } from './tree/tree.ts'

/** Where a timeline keeps what is not in the store. */
export interface TimelineFiles {
  readonly mmr: string
  /** `refs/heads/{timeline}` */
  readonly head: string
}

export interface SealedTree {
  /** Address of the newest seal; null: there is none. */
  readonly seal: string | null
  /** Address of its tree. */
  readonly tree: string
}

/** Changes sealed at a time, when many are missing. */
const LOT = 500

type Channel = Pick<{ log(from: number, limit: number): Promise<readonly { readonly hash: string }[]> }, 'log'>

/**
 * The seals of a timeline, as its only writer has them. Seal n belongs to the change at place n of the channel and
 * follows from that change and the seal before it; so what is missing here after a crash is made again, the same.
 *
 * Write order for each seal: nodes of its tree and the seal itself into the store (`publish`), its leaf and the parents
 * that it completes into the range, the head. None of it is flushed here: the recorder lets go of the log only after the
 * file system was synced.
 */
export class Timeline {
  readonly trees: Trees
  private constructor(
    private readonly store: ObjectStore,
    private readonly files: TimelineFiles,
    private readonly range: Mmr,
    private newest: SealedTree,
  ) {
    this.trees = new Trees(store.nodes('tree'))
  }

  /** Opens it for appending and forgets seals at its end that the store or the channel lacks. Errors: E_MMR_DAMAGED. */
  static async open(store: ObjectStore, files: TimelineFiles, channel: Channel): Promise<Timeline> {
    // A project of before there were seals has no refs.
    mkdirSync(dirname(files.head), { recursive: true, mode: 0o700 })
    const range = Mmr.open(files.mmr, 'append')
    try {
      const newest = await cutBack(store, range, channel)
      return new Timeline(store, files, range, newest ?? { seal: null, tree: new Trees(store.nodes('tree')).empty() })
    } catch (error) {
      range.close()
      throw error
    }
  }

  /** How many seals there are. */
  get sealed(): number {
    return this.range.leaves
  }

  get head(): SealedTree {
    return this.newest
  }

  root(): string {
    return this.range.root()
  }

  /** Seals changes, oldest first; those that have their seal already are passed over. */
  async append(changes: readonly RecordedChange[]): Promise<void> {
    const missing = changes.filter(({ n }) => n > this.sealed)
    if (missing.length === 0) return
    let { seal, tree } = this.newest
    // No seal names the empty tree of the beginning: a collection may have let go of it.
    if (seal === null) tree = this.trees.empty()
    const addresses: string[] = []
    for (const change of missing) {
      if (change.n !== this.sealed + addresses.length + 1) {
        throw new IzeError('E_SEAL_ORDER', `Change ${change.n} cannot be sealed: seal ${this.sealed} is the newest.`)
      }
      tree = this.trees.apply(tree, change.metadata.entries)
      const { author = '', note = '' } = change.metadata
      const made = sealOf({ change: { ...change, message: note }, tree, parent: seal, author })
      seal = this.store.putNode('seal', encodeSeal(made), seal)
      addresses.push(seal)
    }
    this.store.publish()
    reached('seal-stored')
    this.range.append(addresses)
    this.newest = { seal, tree }
    reached('seal-in-range')
    if (seal) await writeHead(this.files.head, { seal, n: this.sealed, root: this.root() }, { durable: false })
    reached('sealed')
  }

  /** Seals the changes of the channel that have no seal yet, all of them in a project of before there were seals. */
  async catchUp(channel: Parameters<typeof changesOf>[0]): Promise<void> {
    let lot: RecordedChange[] = []
    for await (const change of changesOf(channel, this.sealed + 1)) {
      lot.push(change)
      if (lot.length < LOT) continue
      await this.append(lot)
      lot = []
    }
    await this.append(lot)
  }

  /** Packs the store anew: what no seal, tag or content named here leads to goes. */
  collect(roots: Omit<Roots, 'range'>, options?: CollectOptions): Promise<Collected> {
    return collect(this.store, this.roots(roots), options)
  }

  /** With its own seals. */
  roots(others: Omit<Roots, 'range'>): Roots {
    return { ...others, range: this.range }
  }

  close(): void {
    this.range.close()
  }
}

/** The newest seal that the store has and that is of the channel's change at its place; what comes after it is cut. */
async function cutBack(store: ObjectStore, range: Mmr, channel: Channel): Promise<SealedTree | null> {
  for (let n = range.leaves; n > 0; n--) {
    const address = range.leaf(n - 1)
    const seal = readSeal(store, address)
    const [change] = seal ? await channel.log(n, 1) : []
    if (seal?.n === n && change?.hash === seal.pijul.change) {
      if (n < range.leaves) range.truncate(n)
      return { seal: address, tree: seal.tree }
    }
  }
  range.truncate(0)
  return null
}

function readSeal(store: ObjectStore, address: string): Seal | null {
  try {
    return decodeSeal(store.nodes('seal').get(address))
  } catch (error) {
    if (error instanceof IzeError && (error.code === 'E_OBJECT_MISSING' || error.code === 'E_OBJECT_DAMAGED'))
      return null
    throw error
  }
}
