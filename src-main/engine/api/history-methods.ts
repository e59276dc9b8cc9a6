import { pathToText } from '../../../src-preload/path-text.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { readEntryFilter } from './history-filters.ts'
import { presentChange, presentDiff, presentEntry, presentStat, presentTreeEntry } from './present.ts'
import { projectPath } from './project-path.ts'
import { restore, undo } from './restore.ts'

const CONTEXT_LINES = 3

export function historyMethods(context: ApiContext): HandlersOf<'history'> {
  const { registry, history } = context.services
  const root = async (project: string): Promise<string> => (await registry.find(project)).root
  return {
    'history.locate': async ({ project, paths }) => {
      const known = await history.ask(await root(project), { method: 'known', paths: paths.map(projectPath) })
      return { known }
    },

    'history.entries': async ({ project, path, filter, before, limit }, { signal }) => {
      const query = {
        method: 'entries',
        path: path === undefined ? null : projectPath(path),
        before: before ?? null,
        limit,
        filter: readEntryFilter(filter ?? {}),
      } as const
      const { versions, next } = await history.ask(await root(project), query, { signal })
      return { entries: versions.map(presentEntry), next }
    },

    'history.changes': async ({ project, filter, before, limit }, { signal }) => {
      const query = { method: 'changes', before: before ?? null, limit, filter: readEntryFilter(filter ?? {}) } as const
      const { changes, next } = await history.ask(await root(project), query, { signal })
      return { changes: changes.map(presentChange), next }
    },

    'history.tree': async ({ project, path, version, deep, after, limit }, { signal }) => {
      const top = projectPath(path ?? '')
      const from = { path: top, version: version ?? null, after: projectPath(after ?? '') }
      const page = await history.ask(await root(project), { method: 'tree', ...from, deep, limit }, { signal })
      return {
        entries: page.entries.map((entry) => presentTreeEntry(top, entry)),
        next: page.next === null ? null : pathToText(page.next),
      }
    },

    'history.diff': async ({ project, context: lines, ...versions }, { signal }) => {
      const query = { method: 'diff', ...comparison(versions), context: lines ?? CONTEXT_LINES } as const
      const { files, more } = await history.ask(await root(project), query, { signal })
      return { files: files.map(presentDiff), more }
    },

    'history.stat': async ({ project, limit, ...versions }, { signal }) => {
      const query = { method: 'stat', ...comparison(versions), limit } as const
      const { files, counts, next } = await history.ask(await root(project), query, { signal })
      return { files: files.map(presentStat), counts, next: next === null ? null : pathToText(next) }
    },

    'history.restore': async ({ project, path, version, exact = false, dryRun = false }, call) => {
      const wish = { path: projectPath(path), version, removeOthers: exact, dryRun }
      return restore(context, await registry.find(project), wish, call)
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
