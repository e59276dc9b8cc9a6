import type { z } from 'zod'
import type * as answers from '../../../src-preload/answer-schemas.ts'
import type * as schema from '../../../src-preload/schemas.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { FileStat } from '../history/diff-stat.ts'
import type { FileDiff } from '../history/diff-versions.ts'
import type { NameHit, ProgramHit } from '../history/find-names.ts'
import type { ChangeSummary } from '../history/history-pages.ts'
import type { Marked } from '../history/pruned-versions.ts'
import type { TextHit } from '../history/search-history.ts'
import type { TreeEntry } from '../history/tree-walk.ts'
import type { Version } from '../history/version-rows.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { forgottenContents } from '../store/forgotten.ts'
import { ObjectStore } from '../store/object-store.ts'
import { type SealRef, sealsNumbered } from '../store/seals/seal-ref.ts'
import { timestamp, toTimestamp } from './timestamp.ts'

/** From the engine's own shapes (latin1 paths, seconds and nanoseconds) to those of the contract. */
export function presentProject(
  record: ProjectRecord,
  mountPoint: string | null,
  problem: string | null,
): z.infer<typeof schema.projectSummary> {
  return {
    name: record.name,
    id: record.uuid,
    created: toTimestamp(record.created),
    mountPoint: mountPoint ?? record.mountPoint,
    mounted: mountPoint !== null,
    problem,
  }
}

export function presentVersion(version: Version): z.infer<typeof schema.versionFacts> {
  return {
    hash: version.change.hash,
    time: timestamp(...version.change.time),
    version: version.number,
    path: pathToText(version.path),
  }
}

/** Adds the seals of their changes to rows of history. */
export function withSeals<R extends { readonly change: number }>(
  { root }: ProjectRecord,
  rows: readonly R[],
): (R & { seal: SealRef | null })[] {
  const numbers = rows.map(({ change }) => change)
  const seals = sealsNumbered(projectLayout(root).mmr, numbers)
  return rows.map((row, index) => ({ ...row, seal: seals[index] ?? null }))
}

/** Contents of these versions that were forgotten. */
export function forgottenAmong({ root }: ProjectRecord, versions: readonly Version[]): ReadonlySet<string> {
  const { objects } = projectLayout(root)
  const list = forgottenContents(objects)
  const listed = versions.flatMap(({ state }) =>
    state.object !== undefined && list.has(state.object) ? state.object : [],
  )
  if (listed.length === 0) return new Set()
  // One that was saved again later is there.
  const store = ObjectStore.open(objects)
  try {
    return new Set(listed.filter((object) => store.isForgotten(object)))
  } finally {
    store.close()
  }
}

export function presentEntry(
  version: Version & Marked,
  forgotten: ReadonlySet<string>,
): Omit<z.infer<typeof schema.historyEntry>, 'seal'> {
  const { change, program, state } = version
  return {
    hash: change.hash,
    time: timestamp(...change.time),
    // What the whole change was says more than what it did to this one path.
    kind: change.kind === 'import' || change.kind === 'restore' ? change.kind : version.kind,
    change: change.sequence,
    action: version.kind,
    path: pathToText(version.path),
    from: version.from === null ? null : pathToText(version.from),
    type: state.type,
    version: version.number,
    size: state.size ?? null,
    forgotten: forgotten.has(state.object ?? ''),
    program: program?.name ?? null,
    process: program && { name: program.name, pid: program.pid, command: program.command ?? null },
    note: change.note === null ? null : change.note,
    pruned: version.pruned && timestamp(...version.pruned),
  }
}

export function presentChange(change: ChangeSummary): Omit<z.infer<typeof schema.historyChange>, 'seal'> {
  return {
    hash: change.hash,
    time: timestamp(...change.time),
    kind: change.kind,
    change: change.sequence,
    paths: change.entries.map(({ path, kind, from }) => ({
      path: pathToText(path),
      action: kind,
      from: from === null ? null : pathToText(from),
    })),
    count: change.count,
    programs: [...change.programs],
    note: change.note,
  }
}

/** `top`: the folder that was listed, or the file itself. */
export function presentTreeEntry(
  top: string,
  { path, number, state, pruned }: TreeEntry & Marked,
): z.infer<typeof schema.treeEntry> {
  const { type, size, mode, uid, gid, mtime, target } = state
  return {
    path: pathToText([top, path].filter((part) => part !== '').join('/')),
    type,
    version: number,
    size: size ?? null,
    mode: mode ?? null,
    uid: uid ?? null,
    gid: gid ?? null,
    mtime: mtime ? timestamp(...mtime) : null,
    target: target === undefined ? null : pathToText(target),
    pruned: pruned && timestamp(...pruned),
  }
}

export function presentDiff({ path, from, to, change }: FileDiff): z.infer<typeof answers.fileDiff> {
  return {
    path: pathToText(path),
    from: from && presentVersion(from),
    to: to && presentVersion(to),
    change:
      change.kind === 'text'
        ? { kind: 'text', hunks: Buffer.from(change.hunks).toString('base64'), cut: change.cut }
        : change,
  }
}

export function presentStat({ path, from, ...stat }: FileStat): z.infer<typeof answers.fileStat> {
  return { path: pathToText(path), from: from === null ? null : pathToText(from), ...stat }
}

export function presentName({ path, newest }: NameHit): z.infer<typeof answers.findResult>['names'][number] {
  const { type, present } = newest.state
  return { path: pathToText(path), type, present, version: newest.number, time: timestamp(...newest.change.time) }
}

export function presentProgram({
  name,
  versions,
  time,
}: ProgramHit): z.infer<typeof answers.findResult>['programs'][number] {
  return { name, versions, time: timestamp(...time) }
}

export function presentHit({ from, to, ...hit }: TextHit): z.infer<typeof answers.searchResult>['hits'][number] {
  return { from: presentVersion(from), to: presentVersion(to), ...hit }
}
