import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { stopRemembering } from './stop-remembering.ts'

export type FolderMethod = `projects.${'stopRemembering'}`

/** What is done to folders outside the central directory, each by way of the journal. */
export function folderMethods(context: ApiContext): Pick<HandlersOf<'projects'>, FolderMethod> {
  const { registry } = context.services
  return {
    'projects.stopRemembering': async (params, call) =>
      stopRemembering(context, await registry.find(params.project), call),
  }
}
