import { dirname, join } from 'node:path'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { CollectionOrder } from '../project/worker-messages.ts'
import { projectLayout } from '../project/layout.ts'
import { fitting, isFixed, keeps, type Span, type Spare } from '../store/retention/keep.ts'
import { parsePolicy, POLICY_FORM } from '../store/retention/policy.ts'
import { decodeSeal } from '../store/seals/seal.ts'
import { withRange } from '../store/seals/seal-ref.ts'
import { decodeTag } from '../store/seals/tag.ts'
import { TagRefs, type TagRef } from '../store/seals/tag-refs.ts'
import { Trees } from '../store/tree/tree.ts'
import { diskUsage } from './disk-usage.ts'
import type { OpenHistory } from './open-history.ts'
import type { Sqlite } from './sqlite.ts'

export interface PrunePlan {
  readonly order: CollectionOrder
  /** What goes: contents that files had, of how many files, and their bytes as plain files, each content once. */
  readonly versions: number
  readonly files: number
  readonly bytes: number
  /** What that is on the disk, by how well the store is packed. */
  readonly disk: number
  /** What stays, and when the oldest of it was written; null: nothing is there. */
  readonly kept: number
  readonly oldest: readonly [number, number] | null
}

export interface PruneQuery {
  readonly keep: string
  /** Bytes that the store is to have; 0: no limit. */
  readonly limit: number
  /** Milliseconds. */
  readonly now: number
}

/** Files looked at between two breaths of the thread. */
const LOT = 200

/** A content that a file had, in versions one behind the other. */
interface Held extends Span {
  readonly object: string
  readonly file: number
}

/**
 * What a policy would have go, of what is recorded by now. Never what the newest tree has, nor the trees of seals that
 * are tagged or were made by hand. Errors: E_ARGUMENT when `keep` is no policy; E_CANCELLED; those of the store.
 */
export async function planPrune(history: OpenHistory, query: PruneQuery, signal: AbortSignal): Promise<PrunePlan> {
  const { sqlite } = history
  const policy = parsePolicy(query.keep)
  if (!policy)
    throw new IzeError('E_ARGUMENT', `"${query.keep}" does not say what is to be kept; write ${POLICY_FORM}.`)
  const layout = projectLayout(dirname(sqlite.file))
  const tags = await new TagRefs(join(layout.refs, 'tags')).list()
  const upTo = z.object({ n: z.number() }).parse(sqlite.get('SELECT coalesce(max(sequence), 0) n FROM change')).n
  const pins = pinsOf(history, tags, upTo)
  const stays = await contentsAt(history, [...pins, ...(upTo > 0 ? [upTo] : [])], signal)
  const there = sizes(sqlite, upTo)
  for (const object of there.keys()) if (history.versions.time(object) !== null) there.delete(object)

  const held: Held[] = []
  const spares: Spare[] = []
  let looked = 0
  for (const file of filesOf(sqlite, upTo)) {
    const spans = spansOf(sqlite, file, upTo).filter(({ object }) => there.has(object))
    const kept = keeps(spans, policy, query.now, pins)
    spans.forEach((span, index) => {
      held.push(span)
      if (isFixed(span, pins)) stays.add(span.object)
      else if (kept[index]) spares.push({ ...span, bytes: there.get(span.object) ?? 0 })
    })
    if (++looked % LOT === 0) await breath(signal)
  }
  const all = [...there.values()].reduce((sum, bytes) => sum + bytes, 0)
  const packed = all === 0 ? 1 : diskUsage(layout.objects) / all
  const fixed = new Map([...stays].map((object) => [object, there.get(object) ?? 0]))
  const fit = query.limit === 0 ? spares.map(({ object }) => object) : fitting(spares, fixed, query.limit / packed)
  for (const object of fit) stays.add(object)

  const gone = held.filter(({ object }) => !stays.has(object))
  const objects = [...new Set(gone.map(({ object }) => object))]
  const bytes = objects.reduce((sum, object) => sum + (there.get(object) ?? 0), 0)
  const oldest = held.reduce((least, { object, from }) => (stays.has(object) ? Math.min(least, from) : least), Infinity)
  return {
    order: { upTo, keep: query.keep, objects, tags: tags.map(({ address }) => address) },
    versions: gone.length,
    files: new Set(gone.map(({ file }) => file)).size,
    ...{ bytes, disk: Math.round(bytes * packed), kept: held.length - gone.length },
    oldest: oldest === Infinity ? null : [Math.floor(oldest / 1000), (oldest % 1000) * 1_000_000],
  }
}

/** The numbers of seals that stay whole, ascending. */
function pinsOf({ sqlite, store }: OpenHistory, tags: readonly TagRef[], upTo: number): number[] {
  const tagged = tags.map(({ kind, address }) => {
    const seal = kind === 'tag' ? decodeTag(store.nodes('tag').get(address)).seal : address
    return decodeSeal(store.nodes('seal').get(seal)).n
  })
  const byHand = sqlite
    .all(`SELECT sequence FROM change WHERE kind = 'seal' AND sequence <= ?`, upTo)
    .map((row) => z.object({ sequence: z.number() }).parse(row).sequence)
  return [...new Set([...tagged, ...byHand])].sort((a, b) => a - b)
}

/** The contents in the trees of seals. */
async function contentsAt(
  { sqlite, store }: OpenHistory,
  seals: readonly number[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const { mmr } = projectLayout(dirname(sqlite.file))
  const addresses = withRange(mmr, (range) => seals.map((n) => range?.leaf(n - 1) ?? ''))
  const trees = new Trees(store.nodes('tree'))
  const [contents, seen] = [new Set<string>(), new Set<string>()]
  let steps = 0
  for (const address of addresses) {
    for (const { kind, address: object } of trees.reachable(decodeSeal(store.nodes('seal').get(address)).tree, seen)) {
      if (kind === 'content') contents.add(object)
      if (++steps % LOT === 0) await breath(signal)
    }
  }
  return contents
}

function sizes(sqlite: Sqlite, upTo: number): Map<string, number> {
  const rows = sqlite.all(
    `SELECT DISTINCT state ->> 'object' AS object, coalesce(state ->> 'size', 0) AS size FROM version
     WHERE object IS NOT NULL AND change <= ?`,
    upTo,
  )
  return new Map(rows.map((row) => sizeRow.parse(row)).map(({ object, size }) => [object, size]))
}

function filesOf(sqlite: Sqlite, upTo: number): number[] {
  const rows = sqlite.all('SELECT DISTINCT file FROM version WHERE change <= ?', upTo)
  return rows.map((row) => z.object({ file: z.number() }).parse(row).file)
}

/** The contents that a file had, oldest first; versions that only renamed it or changed its attributes are of one span. */
function spansOf(sqlite: Sqlite, file: number, upTo: number): Held[] {
  const rows = sqlite.all(
    `SELECT v.change, c.sec, c.nsec, v.state ->> 'object' AS object FROM version v
     JOIN change c ON c.sequence = v.change WHERE v.file = ? AND v.change <= ? ORDER BY v.id`,
    file,
    upTo,
  )
  const spans: { -readonly [K in keyof Held]: Held[K] }[] = []
  let last: (typeof spans)[number] | null = null
  for (const { change, sec, nsec, object } of rows.map((row) => spanRow.parse(row))) {
    const time = sec * 1000 + Math.floor(nsec / 1_000_000)
    if (last && last.object === object) continue
    if (last) Object.assign(last, { until: time, end: change })
    last = null
    if (object === null) continue
    const before = spans.at(-1)
    if (before) before.next = time
    last = { object, file, from: time, until: Infinity, next: Infinity, change, end: Infinity }
    spans.push(last)
  }
  return spans
}

const sizeRow = z.object({ object: z.string(), size: z.number() })
const spanRow = z.object({ change: z.number(), sec: z.number(), nsec: z.number(), object: z.string().nullable() })

async function breath(signal: AbortSignal): Promise<void> {
  await new Promise((done) => setImmediate(done))
  if (signal.aborted) throw new IzeError('E_CANCELLED', 'It was cancelled; nothing was pruned.')
}
