import type { EventPayload } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { EventHub } from './event-hub.ts'
import type { LiveStatus } from './live-status.ts'
import { presentProject } from './present.ts'
import type { EngineServices } from './services.ts'
import type { Sessions } from './sessions.ts'
import type { TextSearch } from './text-search.ts'

/** What the methods work with. */
export interface ApiContext {
  readonly services: EngineServices
  readonly sessions: Sessions
  readonly hub: EventHub
  readonly texts: TextSearch
  readonly live: LiveStatus
  /** What the engine does by itself in a project. */
  readonly upkeep: { state(project: ProjectRecord): 'pruning' | 'packing' | null }
}

/** All projects as they are now; one whose file cannot be read is named by its uuid, with the reason. */
export async function projectsSnapshot(
  context: Pick<ApiContext, 'services' | 'sessions'>,
  revision: number,
): Promise<EventPayload<'projects'>> {
  const { services, sessions } = context
  const { projects, damaged } = await services.registry.list()
  return {
    revision,
    projects: [
      ...projects.map((record) => presentProject(record, sessions.mountPoint(record), sessions.problem(record))),
      ...damaged.map(({ uuid, problem }) => ({
        name: uuid,
        id: uuid,
        created: '1970-01-01T00:00:00.000000000Z',
        mountPoint: null,
        mounted: false,
        problem: problem.message,
      })),
    ],
  }
}
