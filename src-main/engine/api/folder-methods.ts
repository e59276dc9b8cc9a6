import { adoptFound, foundOf } from './adopt-found.ts'
import { beforeIze, moveBeforeIze, removeBeforeIze } from './before-ize.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { initInPlace } from './init-in-place.ts'
import { stopRemembering } from './stop-remembering.ts'

export type FolderMethod =
  `projects.${'initInPlace' | 'beforeIze' | 'removeBeforeIze' | 'moveBeforeIze' | 'stopRemembering' | 'found' | 'adopt'}`

/** What is done to folders outside the central directory. */
export function folderMethods(context: ApiContext): Pick<HandlersOf<'projects'>, FolderMethod> {
  const { registry } = context.services
  return {
    'projects.initInPlace': (params, call) => initInPlace(context, params, call),

    'projects.beforeIze': async (params, { signal }) => beforeIze(context, await registry.find(params.project), signal),

    'projects.removeBeforeIze': async (params, { signal }) =>
      removeBeforeIze(context, await registry.find(params.project), signal),

    'projects.moveBeforeIze': async (params) =>
      moveBeforeIze(context, await registry.find(params.project), params.into),

    'projects.found': async (params) => foundOf(await registry.find(params.project)),

    'projects.adopt': async (params, call) =>
      adoptFound(context, await registry.find(params.project), params.folder, call),

    'projects.stopRemembering': async (params, call) =>
      stopRemembering(context, await registry.find(params.project), call),
  }
}
