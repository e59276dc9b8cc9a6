import { pathToText, textToPath } from '../../../src-preload/path-text.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { forget } from './forget.ts'
import { readEntryFilter } from './history-filters.ts'
import {
  forgottenAmong,
  presentChange,
  presentDiff,
  presentEntry,
  presentHit,
  presentName,
  presentProgram,
  presentStat,
  presentTreeEntry,
  withSeals,
} from './present.ts'
import { projectPath } from './project-path.ts'
import { prune } from './prune.ts'
import { restore, undo } from './restore.ts'
import { fromTimestamp, timestamp } from './timestamp.ts'
import { viewMethods } from './view-methods.ts'

const CONTEXT_LINES = 3
/** How long a search waits for what was recorded a moment ago. */
const PATIENCE_MS = 2000

export function historyMethods(context: ApiContext): HandlersOf<'history'> {
  const { registry, history } = context.services
  const root = async (project: string): Promise<string> => (await registry.find(project)).root
  return {
    'history.locate': async ({ project, paths }) => {
      const known = await history.ask(await root(project), { method: 'known', paths: paths.map(projectPath) })
      return { known }
    },

    'history.entries': async ({ project: name, path, filter, before, limit }, { signal }) => {
      const project = await registry.find(name)
      const query = {
        method: 'entries',
        path: path === undefined ? null : projectPath(path),
        before: before ?? null,
        limit,
        filter: readEntryFilter(filter ?? {}),
      } as const
      const { versions, next } = await history.ask(project.root, query, { signal })
      const forgotten = forgottenAmong(project, versions)
      const entries = versions.map((version) => presentEntry(version, forgotten))
      return { entries: withSeals(project, entries), next }
    },

    'history.changes': async ({ project: name, filter, before, limit }, { signal }) => {
      const project = await registry.find(name)
      const query = { method: 'changes', before: before ?? null, limit, filter: readEntryFilter(filter ?? {}) } as const
      const { changes, next } = await history.ask(project.root, query, { signal })
      return { changes: withSeals(project, changes.map(presentChange)), next }
    },

    ...viewMethods(context),

    'history.tree': async ({ project, path, version, deep, after, limit }, { signal }) => {
      const top = projectPath(path ?? '')
      const from = { path: top, version: version ?? null, after: projectPath(after ?? '') }
      const page = await history.ask(await root(project), { method: 'tree', ...from, deep, limit }, { signal })
      return {
        entries: page.entries.map((entry) => presentTreeEntry(top, entry)),
        next: page.next === null ? null : pathToText(page.next),
      }
    },

    'history.diff': async ({ project, context: lines, ignoreWhiteSpace, bounded, ...versions }, { signal }) => {
      const shape = { context: lines ?? CONTEXT_LINES, ignoreWhiteSpace, bounded }
      const query = { method: 'diff', ...comparison(versions), ...shape } as const
      const { files, more } = await history.ask(await root(project), query, { signal })
      return { files: files.map(presentDiff), more }
    },

    'history.stat': async ({ project, limit, ...versions }, { signal }) => {
      const query = { method: 'stat', ...comparison(versions), limit } as const
      const { files, counts, next } = await history.ask(await root(project), query, { signal })
      return { files: files.map(presentStat), counts, next: next === null ? null : pathToText(next) }
    },

    'history.find': async ({ project: name, text, path, limit }, { signal }) => {
      const query = { text: textToPath(text), limit }
      const project = await registry.find(name)
      const { names, programs } = await history.ask(project.root, { method: 'find', ...query }, { signal })
      const messages = { method: 'changes', before: null, limit, filter: { message: text } } as const
      const { changes } = await history.ask(project.root, messages, { signal })
      const top = projectPath(path ?? '')
      const below = names.filter((name) => top === '' || name.path === top || name.path.startsWith(`${top}/`))
      return {
        names: below.map(presentName),
        changes: withSeals(project, changes.map(presentChange)),
        programs: programs.map(presentProgram),
      }
    },

    'history.search': async ({ project, text, path, since, until, wait = false, before, limit }, { signal }) => {
      const record = await registry.find(project)
      const query = {
        method: 'findText',
        text,
        path: projectPath(path ?? ''),
        since: since === undefined ? undefined : fromTimestamp(since),
        until: until === undefined ? undefined : fromTimestamp(until),
        before: before ?? null,
        limit,
      } as const
      const found = await context.texts.find(record, query, { patienceMs: wait ? null : PATIENCE_MS, signal })
      const { hits, coveredFrom } = found
      return { ...found, hits: hits.map(presentHit), coveredFrom: coveredFrom && timestamp(...coveredFrom) }
    },

    'history.restore': async ({ project, path, version, exact = false, dryRun = false }, call) => {
      const wish = { path: projectPath(path), version, removeOthers: exact, dryRun }
      return restore(context, await registry.find(project), wish, call)
    },

    'history.prune': async ({ project, ...wish }, call) => prune(context, await registry.find(project), wish, call),

    'history.forget': async ({ project, path, versions, dryRun = false }, call) => {
      const wish = { path: projectPath(path), versions: versions ?? null, dryRun }
      return forget(context, await registry.find(project), wish, call)
    },

    'history.undo': async ({ project, dryRun = false }, call) =>
      undo(context, await registry.find(project), dryRun, call),
  }
}

function comparison(of: {
  readonly path: string
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly after?: string | undefined
}): { path: string; from: string | null; to: string | null; after: string } {
  const { path, from = null, to = null, after = '' } = of
  return { path: projectPath(path), from, to, after: projectPath(after) }
}
