import { beforeIze, removeBeforeIze } from './before-ize.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { initInPlace } from './init-in-place.ts'
import { stopRemembering } from './stop-remembering.ts'

export type FolderMethod = `projects.${'initInPlace' | 'beforeIze' | 'removeBeforeIze' | 'stopRemembering'}`

/** What is done to folders outside the central directory, each by way of the journal. */
export function folderMethods(context: ApiContext): Pick<HandlersOf<'projects'>, FolderMethod> {
  const { registry } = context.services
  return {
    'projects.initInPlace': (params, call) => initInPlace(context, params, call),

    'projects.beforeIze': async (params, { signal }) => beforeIze(context, await registry.find(params.project), signal),

    'projects.removeBeforeIze': async (params, { signal }) =>
      removeBeforeIze(context, await registry.find(params.project), signal),

    'projects.stopRemembering': async (params, call) =>
      stopRemembering(context, await registry.find(params.project), call),
  }
}
