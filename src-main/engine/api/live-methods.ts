import { pathToText } from '../../../src-preload/path-text.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { timestamp } from './timestamp.ts'

export type LiveMethod = `projects.${'status' | 'flush' | 'pending' | 'pause' | 'resume'}`

/** What waits to come into history, and whether it goes on. */
export function liveMethods({ services, sessions, live }: ApiContext): Pick<HandlersOf<'projects'>, LiveMethod> {
  const { registry } = services
  const pause = async (name: string, until: number | null): ReturnType<typeof live.status> => {
    const project = await registry.find(name)
    await sessions.use(project, async (session) => session.pause(until))
    return live.status(project)
  }
  return {
    'projects.status': async (params) => live.status(await registry.find(params.project)),

    'projects.flush': async (params, { signal }) => {
      const project = await registry.find(params.project)
      await sessions.use(project, (session) => session.flush(signal))
      return live.status(project)
    },

    'projects.pending': async (params) => {
      const project = await registry.find(params.project)
      return sessions.use(project, async (session) => {
        const operations = await session.pending(params.limit)
        const status = await live.status(project)
        return {
          status,
          operations: operations.map(({ time, path, ...operation }) => ({
            ...operation,
            path: pathToText(path),
            time: timestamp(...time),
          })),
          more: Math.max(0, status.pending.operations - operations.length),
        }
      })
    },

    'projects.pause': ({ project, seconds }) => pause(project, Date.now() + seconds * 1000),

    'projects.resume': ({ project }) => pause(project, null),
  }
}
