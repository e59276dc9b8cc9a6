import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'

/** Tells clients that parts of a history went, so that none goes on showing what is not kept any more. */
export async function tellHistoryChanged({ services, hub }: ApiContext, project: ProjectRecord): Promise<void> {
  const { changes } = await services.history.ask(project.root, { method: 'changes', before: null, limit: 1 })
  const [newest] = changes
  if (!newest) return
  const { uuid: id, name } = project
  hub.send('history', { project: { id, name }, revision: hub.nextRevision(), changes: newest.sequence })
}
