import { z } from 'zod'
import type { Density } from './density.ts'
import type { FileStat, Stat } from './diff-stat.ts'
import type { DiffQuery, FileDiff } from './diff-versions.ts'
import type { NameHit, ProgramHit } from './find-names.ts'
import type { TextHits } from './index-text.ts'
import type { ExportProgress, ExportResult } from './export-tree.ts'
import type { ForgetPlan } from './forget-plan.ts'
import { changeFilter, historyFilter } from './history-filter.ts'
import type { ChangeSummary } from './history-pages.ts'
import type { MomentRow } from './read-moment.ts'
import type { RecentThing } from './recent.ts'
import type { RestoreLinesPlan } from './restore-lines.ts'
import type { PrunePlan } from './plan-prune.ts'
import type { Marked } from './pruned-versions.ts'
import type { RestorePlan } from './restore-plan.ts'
import type { SizeReport } from './size-report.ts'
import type { TreeEntry } from './tree-walk.ts'
import type { UndoMomentPlan } from './undo-moment-plan.ts'
import type { UndoPlan } from './undo-plan.ts'
import type { Version } from './version-rows.ts'

/**
 * What the history thread can be asked, and what it answers. Paths are latin1 strings; `version` is a number, a change's
 * hash or the beginning of one. The worker checks every question against these schemas.
 */
const page = { before: z.number().nullable(), limit: z.number().int().min(1).max(100_000) }
const version = z.string().min(1).nullable()
const time = z.tuple([z.number(), z.number()])
const comparison = { path: z.string(), from: version, to: version, after: z.string() }

export const historyCall = z.discriminatedUnion('method', [
  z.object({ method: z.literal('known'), paths: z.array(z.string()) }),
  z.object({ method: z.literal('entries'), path: z.string().nullable(), ...page, filter: historyFilter.optional() }),
  z.object({ method: z.literal('changes'), ...page, filter: changeFilter.optional() }),
  z.object({
    method: z.literal('moments'),
    path: z.string().nullable(),
    ...page,
    filter: historyFilter,
    named: z.boolean(),
  }),
  z.object({
    method: z.literal('density'),
    path: z.string().nullable(),
    since: time,
    until: time,
    buckets: z.number().int().min(1),
  }),
  z.object({ method: z.literal('recent'), since: time, limit: page.limit }),
  /** `content`: only a version whose content is there. */
  z.object({ method: z.literal('resolve'), path: z.string(), version, content: z.boolean().optional() }),
  z.object({
    method: z.literal('tree'),
    path: z.string(),
    version,
    deep: z.boolean(),
    after: z.string(),
    limit: page.limit,
  }),
  z.object({
    method: z.literal('diff'),
    ...comparison,
    context: z.number().int().min(0),
    ignoreWhiteSpace: z.boolean().optional(),
    bounded: z.boolean().optional(),
  }),
  z.object({ method: z.literal('stat'), ...comparison, limit: page.limit }),
  z.object({
    method: z.literal('planRestore'),
    path: z.string(),
    version: z.string().min(1),
    removeOthers: z.boolean(),
  }),
  z.object({ method: z.literal('find'), text: z.string().min(1), limit: page.limit }),
  z.object({
    method: z.literal('findText'),
    text: z.string(),
    path: z.string(),
    since: historyFilter.shape.since,
    until: historyFilter.shape.until,
    ...page,
  }),
  z.object({ method: z.literal('size'), limit: page.limit }),
  z.object({ method: z.literal('planPrune'), keep: z.string(), limit: z.number(), now: z.number() }),
  z.object({ method: z.literal('indexText'), limit: z.number() }),
  z.object({ method: z.literal('textLag') }),
  z.object({ method: z.literal('planUndo'), noted: z.string().nullable() }),
  z.object({
    method: z.literal('planUndoMoment'),
    first: z.number(),
    last: z.number(),
    choices: z.map(z.string(), z.enum(['keep', 'back', 'both'])),
  }),
  z.object({
    method: z.literal('planRestoreLines'),
    path: z.string(),
    from: z.string().min(1),
    to: version,
    fromLine: z.number(),
    fromCount: z.number(),
    toLine: z.number(),
    toCount: z.number(),
    choice: z.object({ take: z.enum(['back', 'both']), now: z.number() }).optional(),
  }),
  z.object({ method: z.literal('planForget'), path: z.string(), versions: z.array(z.string().min(1)).nullable() }),
  z.object({ method: z.literal('export'), path: z.string(), version, folder: z.string() }),
])

export type HistoryCall = z.infer<typeof historyCall>

export interface HistoryAnswers {
  known: boolean[]
  entries: { readonly versions: readonly (Version & Marked)[]; readonly next: number | null }
  changes: { readonly changes: readonly ChangeSummary[]; readonly next: number | null }
  moments: { readonly moments: readonly MomentRow[]; readonly next: number | null }
  density: Density
  recent: { readonly removed: readonly RecentThing[]; readonly changed: readonly RecentThing[] }
  resolve: Version
  /** `next` is the `after` of the next page. */
  tree: { readonly entries: readonly (TreeEntry & Marked)[]; readonly next: string | null }
  diff: { readonly files: readonly FileDiff[]; readonly more: number }
  stat: Stat & { readonly files: readonly FileStat[] }
  planRestore: RestorePlan
  planUndo: UndoPlan
  planUndoMoment: UndoMomentPlan
  planRestoreLines: RestoreLinesPlan
  planForget: ForgetPlan
  find: { readonly names: readonly NameHit[]; readonly programs: readonly ProgramHit[] }
  findText: TextHits
  indexText: { readonly damaged: boolean }
  textLag: { readonly behind: number }
  size: SizeReport
  planPrune: PrunePlan
  export: ExportResult
}

export type { DiffQuery, ExportProgress }

/** To the thread. `root` is the project's directory in the central directory. */
export const toHistory = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: z.number(), root: z.string(), call: historyCall }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
  z.object({ type: z.literal('forget'), root: z.string() }),
])

/** From the thread. */
export const fromHistory = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: z.number(), answer: z.unknown() }),
  z.object({ type: z.literal('progress'), id: z.number(), files: z.number(), bytes: z.number() }),
  z.object({
    type: z.literal('failure'),
    id: z.number(),
    /** Null: a fault of Ize's own. */
    code: z.string().nullable(),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
])

export type ToHistory = z.infer<typeof toHistory>
export type FromHistory = z.infer<typeof fromHistory>
