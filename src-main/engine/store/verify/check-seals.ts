import { changesOf } from '../../history/open-current-index.ts'
import type { RecordedChange } from '../../history/history-index.ts'
import type { ChannelLog } from '../../retention/channel.ts'
import { hashBytes } from '../../sys/native.ts'
import type { Mmr } from '../mmr/mmr.ts'
import type { ObjectStore } from '../object-store.ts'
import type { Pruned } from '../retention/pruned.ts'
import { decodeSeal, encodeSeal, type Seal, sealAddress, sealOf } from '../seals/seal.ts'
import { sealName } from '../seals/seal-name.ts'
import { TREE_CONTEXT } from '../tree/node-store.ts'
import { Trees } from '../tree/tree.ts'
import { type Check, damageOf } from './check.ts'

const PIECE = 4 * 1024 * 1024

/**
 * Compares every leaf with the change at its place in the channel: its seal is read, and is the one that follows from
 * the change and the seal before it; so is its tree, all of whose nodes and contents are there.
 *
 * With `since`, the seals up to that one are taken for sound, and what is new after it is read, to the last byte;
 * without, that is left to the check of the objects.
 */
export class SealsCheck {
  /** Distinct objects that seals need. */
  objects = 0
  /** Contents that were pruned. */
  prunedContents = 0
  /** Contents that are missing on demand. */
  forgotten = 0
  private readonly stored: Trees
  private readonly seen = new Set<string>()
  private readonly contents = new Set<string>()

  constructor(
    private readonly check: Check,
    private readonly store: ObjectStore,
    private readonly range: Mmr,
    private readonly since: number,
    private readonly pruned: Pruned,
  ) {
    this.stored = new Trees(store.nodes('tree'))
  }

  /** Returns how many seals were looked at. Errors: E_CANCELLED, E_CHANGE_FOREIGN, those of Pijul. */
  async run(channel: ChannelLog): Promise<number> {
    const { leaves } = this.range
    let before = this.since === 0 ? null : this.trusted(this.since)
    let last = this.since
    for await (const change of changesOf(channel, this.since + 1)) {
      if (change.n > leaves) break
      const address = this.range.leaf(change.n - 1)
      const seal = this.seal(change, before, address)
      if (seal) this.tree(change, seal, before, address)
      this.broughtAgain(change)
      before = seal
      last = change.n
      this.check.at('seals', last - this.since, leaves - this.since)
    }
    if (before) this.newest(before)
    if (last < leaves) {
      this.check.fault(
        'range',
        `The range has ${leaves} seals, but the channel only ${last} changes: the seals from ${last + 1} on belong to none.`,
        { change: last + 1 },
      )
    }
    return last - this.since
  }

  private seal(change: RecordedChange, before: Seal | null, address: string): Seal | null {
    const { n } = change
    const name = `Seal ${n} (${sealName(address)})`
    const seal = this.check.guard('seal', `${name} cannot be read`, { object: address, change: n }, () =>
      decodeSeal(this.store.nodes('seal').get(address)),
    )
    if (!seal) return null
    this.objects++
    // Where the seal before it cannot be read, that is what is wrong.
    const [said = null] = seal.parents
    const parent = n === 1 || before ? this.before(n) : said
    const why = objection(change, seal, { parent, address })
    if (why !== null) this.check.fault('seal', `${name} ${why}.`, { object: address, change: n })
    return seal
  }

  /** What a change brings that is newer than the prune of that content is there. */
  private broughtAgain({ n, metadata }: RecordedChange): void {
    for (const { object } of metadata.entries) {
      if (object !== undefined && this.pruned.of(object) && !this.pruned.letsGo(object, n)) this.expect(object, n)
    }
  }

  /** What files hold now was never pruned. */
  private newest({ tree, n }: Seal): void {
    if (this.pruned.size === 0) return
    this.check.guard('tree', `The tree of seal ${n} is not whole`, { change: n }, () => {
      for (const { kind, address } of this.stored.reachable(tree)) {
        if (kind === 'content' && this.pruned.of(address)) this.expect(address, n)
      }
    })
  }

  private expect(object: string, change: number): void {
    if (this.store.has(object)) return
    const what = `The object ${object}, a content of seal ${change}, is missing: it was pruned before that, and not since.`
    this.check.fault('content', what, { object, change })
  }

  private before(n: number): string | null {
    return n === 1 ? null : this.range.leaf(n - 2)
  }

  private tree({ n, metadata }: RecordedChange, { tree }: Seal, before: Seal | null, address: string): void {
    const name = `The tree of seal ${n} (${sealName(address)})`
    const where = { change: n }
    this.check.guard('tree', `${name} is not whole`, where, () => {
      for (const { kind, address: object } of this.stored.reachable(tree, this.seen)) {
        if (kind === 'tree') this.objects++
        else this.content(object, n)
      }
    })
    if (!before && n > 1) return
    // What is wrong with the tree before was told with that.
    const made = attempt(() => treeAfter(this.store, before?.tree ?? null, metadata.entries))
    if (made === null || made === tree) return
    this.check.fault('tree', `${name} is not what the change makes of the tree before it.`, { object: tree, ...where })
  }

  private content(top: string, change: number): void {
    const waiting = [top]
    for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
      if (this.contents.has(object)) continue
      this.contents.add(object)
      const address = object
      this.check.guard('content', `A content of seal ${change} is not whole`, { change }, () => {
        if (this.store.has(address)) waiting.push(...this.store.children(address))
        else if (address === top && this.pruned.of(top)) this.prunedContents++
        else if (this.store.isForgotten(address)) this.forgotten++
        else
          this.check.fault('content', `The object ${address}, a content of seal ${change}, is missing.`, {
            object: address,
            change,
          })
      })
      this.objects++
    }
    if (this.since === 0) return
    this.check.guard('content', `A content of seal ${change} cannot be read`, { change }, () => {
      const size = this.store.has(top) ? this.store.size(top) : 0
      for (let at = 0; at < size; at += PIECE) this.store.readRange(top, at, PIECE)
    })
  }

  /** The seal from which the check goes on; what its tree needs is not looked at again. */
  private trusted(n: number): Seal | null {
    const address = this.range.leaf(n - 1)
    return this.check.guard('seal', `Seal ${n} (${sealName(address)}) cannot be read`, { change: n }, () => {
      const seal = decodeSeal(this.store.nodes('seal').get(address))
      for (const { kind, address: object } of this.stored.reachable(seal.tree, this.seen)) {
        if (kind === 'content') this.contents.add(object)
      }
      return seal
    })
  }
}

/** Why a leaf's seal is not that of the change; null: it is. */
function objection(
  change: RecordedChange,
  seal: Seal,
  { parent, address }: { readonly parent: string | null; readonly address: string },
): string | null {
  const { n, hash, state, metadata } = change
  if (seal.n !== n) return `is number ${seal.n} by what it says itself: leaf ${n - 1} of the range is another's`
  if ((seal.parents[0] ?? null) !== parent) return `does not follow the seal before it in the range`
  if (seal.pijul.change !== hash) return `is of change ${seal.pijul.change}, but the channel has ${hash} there`
  if (seal.pijul.state !== state) return `names another state of the channel than there was after ${hash}`
  const { author = '', note = '' } = metadata
  const made = sealOf({ change: { ...change, message: note }, tree: seal.tree, parent, author })
  if (sealAddress(encodeSeal(made)) === address) return null
  return `says something else of who, when, what or why than its change does`
}

/** The address of the tree that a change makes; nothing is written. */
function treeAfter(store: ObjectStore, before: string | null, entries: RecordedChange['metadata']['entries']): string {
  const made = new Map<string, Buffer>()
  const stored = store.nodes('tree')
  // Nodes of its own: what is made here counts for nothing where it is asked what the store has.
  const trees = new Trees({
    get: (address) => made.get(address) ?? stored.get(address),
    put: (bytes) => {
      const address = hashBytes(bytes, TREE_CONTEXT)
      made.set(address, bytes)
      return address
    },
  })
  return trees.apply(before ?? trees.empty(), entries)
}

function attempt<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    damageOf(error)
    return null
  }
}
