import { existsSync, statSync } from 'node:fs'
import type { ProjectLayout } from '../../project/layout.ts'
import type { ChannelLog } from '../../retention/channel.ts'
import { checkMmr } from '../mmr/check-mmr.ts'
import { Mmr } from '../mmr/mmr.ts'
import { NODE_BYTES } from '../mmr/peak-stack.ts'
import { positionsOf } from '../mmr/positions.ts'
import { ObjectStore, type StorePlace } from '../object-store.ts'
import { Pruned } from '../retention/pruned.ts'
import { Check, type CheckOptions, damageOf, type Fault } from './check.ts'
import { checkHead, checkRoots, checkTags, type EarlierRoot, type Holds } from './check-refs.ts'
import { SealsCheck } from './check-seals.ts'

export interface VerifyOptions extends CheckOptions {
  readonly layout: ProjectLayout
  /** The project's uuid. */
  readonly project: string
  /** It may be asked of the recorder, which owns it. */
  readonly channel: ChannelLog
  /** Whether a recorder may go on meanwhile; one may begin to. */
  readonly live: () => boolean
  /** Seals up to this one are taken for sound; 0: none. */
  readonly since: number
  /** Whether every byte of every object is read. */
  readonly objects: boolean
  readonly roots: readonly EarlierRoot[]
}

export interface Verified {
  readonly faults: readonly Fault[]
  /** Faults beyond those told here. */
  readonly more: number
  /** Seals that there are, and the root over them. */
  readonly seals: number
  readonly root: string
  readonly checked: {
    /** Bytes of objects. */
    readonly bytes: number
    readonly seals: number
    /** That seals need. */
    readonly objects: number
    /** Contents that seals name and that were forgotten. */
    readonly forgotten: number
    readonly tags: number
    readonly roots: number
    /** Contents that are not there since they were pruned. */
    readonly pruned: number
  }
}

const BUDGET = 8 * 1024 * 1024
/** So long a recorder may take from a commit to its seal. */
const SEAL_MS = 10_000
const RETRY_MS = 50

/**
 * Checks the whole history of a project, reading only: objects, range, seals against Pijul's channel, trees and contents,
 * head, tags, earlier roots. Errors: E_CANCELLED, E_OBJECTS, those of Pijul.
 */
export async function verifyHistory(options: VerifyOptions): Promise<Verified> {
  const { layout, since, live, objects, channel, roots, project } = options
  const check = new Check(options)
  const changes = (await channel.head())?.n ?? 0
  const range = await openRange(layout.mmr, live() ? changes : 0)
  const store = ObjectStore.open(layout.objects)
  try {
    const { leaves } = range
    const whole = positionsOf(leaves) * NODE_BYTES
    const more = (statSync(layout.mmr, { throwIfNoEntry: false })?.size ?? 0) - whole
    if (!live() && more !== 0) check.fault('range', `${layout.mmr} ends in ${more} bytes that are no whole leaf.`)
    if (leaves < changes) {
      const missing = leaves + 1 === changes ? `Seal ${changes} is` : `The seals ${leaves + 1} to ${changes} are`
      check.fault('range', `${missing} missing from ${layout.mmr}, of which the channel has the changes.`, {
        change: leaves + 1,
      })
    }
    const from = Math.min(since, leaves)
    const bytes = from === 0 && objects ? await checkObjects(check, store) : 0
    checkParents(check, range, from)
    const pruned = Pruned.read(layout.root)
    for (const problem of pruned.problems) check.fault('pruned', problem)
    const seals = new SealsCheck(check, store, range, from, pruned)
    const sealed = await seals.run(channel)
    // What a recorder made meanwhile is not in the range as it was.
    const holds: Holds = (n, seal, root) =>
      live() && n > leaves ? holdsNow(layout.mmr, n, seal, root) : isIn(range, n, seal, root)
    await checkHead(check, layout.head, { leaves, live: live(), holds })
    const tags = await checkTags(check, layout.refs, store, holds)
    checkRoots(check, roots, range, project)
    return {
      ...{ faults: check.faults, more: check.more, seals: leaves, root: range.root() },
      checked: {
        bytes,
        seals: sealed,
        objects: seals.objects,
        forgotten: seals.forgotten,
        tags,
        roots: roots.length,
        pruned: seals.prunedContents,
      },
    }
  } finally {
    store.close()
    range.close()
  }
}

function isIn(range: Mmr, n: number, seal: string, root?: string): boolean {
  return n <= range.leaves && range.leaf(n - 1) === seal && (root === undefined || range.rootAt(n) === root)
}

function holdsNow(file: string, n: number, seal: string, root?: string): boolean {
  const range = Mmr.open(file, 'read')
  try {
    return isIn(range, n, seal, root)
  } finally {
    range.close()
  }
}

/** The range once it has so many seals, as far as that is to be waited for. */
async function openRange(file: string, seals: number): Promise<Mmr> {
  for (let waited = 0; ; waited += RETRY_MS) {
    // What is not there has no seals.
    const range = Mmr.open(existsSync(file) ? file : '/dev/null', 'read')
    if (range.leaves >= seals || waited >= SEAL_MS) return range
    range.close()
    await new Promise((done) => setTimeout(done, RETRY_MS))
  }
}

/** Every byte of every pack. Returns how many there were. */
async function checkObjects(check: Check, store: ObjectStore): Promise<number> {
  for (const { file, why } of store.problems()) check.fault('object', `objects/${file}: ${why}.`)
  let bytes = 0
  let place: StorePlace | null = null
  do {
    const step: Awaited<ReturnType<ObjectStore['verify']>> = await store.verify(place, BUDGET)
    for (const { file, offset, address, why } of step.findings) {
      const which = address === null ? '' : ` (object ${address})`
      check.fault('object', `objects/${file}, byte ${offset}${which}: ${why}.`, { object: address })
    }
    bytes += step.bytes
    place = step.next
    check.at('objects', bytes, null)
  } while (place)
  return bytes
}

function checkParents(check: Check, range: Mmr, since: number): void {
  const progress = (leaves: number): void => check.at('range', leaves - since, range.leaves - since)
  try {
    for (const { position, firstLeaf, lastLeaf } of checkMmr(range, since, progress)) {
      check.fault(
        'range',
        `Node ${position} of the range is not the hash of the two below it: it, or a leaf from ${firstLeaf} to ${lastLeaf}, is wrong.`,
      )
    }
  } catch (error) {
    check.fault('range', damageOf(error).message)
  }
}
