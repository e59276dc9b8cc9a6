import { mountHolders } from '../project/mount-holders.ts'
import type { ApiContext } from './context.ts'
import { copyOut } from './copy-out.ts'
import type { HandlersOf } from './handlers.ts'
import { readEntryFilter } from './history-filters.ts'
import { presentMoment, presentThing } from './present-views.ts'
import { projectPath } from './project-path.ts'
import { restoreLines } from './restore-lines.ts'
import { fromTimestamp, timestamp } from './timestamp.ts'
import { undoMoment } from './undo-moment.ts'

type ViewMethod =
  | 'history.moments'
  | 'history.density'
  | 'history.recent'
  | 'history.undoMoment'
  | 'history.restoreLines'
  | 'history.copyOut'
  | 'history.holders'

/** How the windows see history, and what they put back of it. */
export function viewMethods(context: ApiContext): Pick<HandlersOf<'history'>, ViewMethod> {
  const { registry, history } = context.services
  const root = async (project: string): Promise<string> => (await registry.find(project)).root
  return {
    'history.moments': async ({ project, path, filter, named = false, before, limit }, { signal }) => {
      const query = {
        method: 'moments',
        path: path === undefined ? null : projectPath(path),
        filter: readEntryFilter(filter ?? {}),
        ...{ named, before: before ?? null, limit },
      } as const
      const { moments, next } = await history.ask(await root(project), query, { signal })
      return { moments: moments.map(presentMoment), next }
    },

    'history.density': async ({ project, path, since, until, buckets }, { signal }) => {
      const query = {
        method: 'density',
        path: path === undefined ? null : projectPath(path),
        ...{ since: fromTimestamp(since), until: fromTimestamp(until), buckets },
      } as const
      const { first, last, ...counted } = await history.ask(await root(project), query, { signal })
      return {
        buckets: counted.buckets.map((bucket) => ({ ...bucket })),
        first: first && timestamp(...first),
        last: last && timestamp(...last),
      }
    },

    'history.holders': async ({ project, path }) => {
      const mountPoint = context.sessions.mountPoint(await registry.find(project))
      if (mountPoint === null) return { holders: [] }
      const top = projectPath(path)
      const held = (await mountHolders(mountPoint)).filter(
        (file) => file.path !== '' && (top === '' || file.path === top || file.path.startsWith(`${top}/`)),
      )
      const programs = new Map(held.map(({ pid, program }) => [pid, program]))
      return { holders: [...programs].map(([pid, program]) => ({ program, pid })) }
    },

    'history.recent': async ({ project, since, limit }, { signal }) => {
      const query = { method: 'recent', since: fromTimestamp(since), limit } as const
      const { removed, changed } = await history.ask(await root(project), query, { signal })
      return { removed: removed.map(presentThing), changed: changed.map(presentThing) }
    },

    'history.undoMoment': async (params, call) =>
      undoMoment(context, await registry.find(params.project), params, call),

    'history.restoreLines': async (params, call) =>
      restoreLines(context, await registry.find(params.project), params, call),

    'history.copyOut': async (params, call) => copyOut(context, await registry.find(params.project), params, call),
  }
}
