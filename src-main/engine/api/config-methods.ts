import type { Result } from '../../../src-preload/contract.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import type { ConfigValue } from './services.ts'
import type { ProjectRecord } from '../project/project-file.ts'

export function configMethods({ services: { config, registry } }: ApiContext): HandlersOf<'config'> {
  const scope = async (project: string | undefined): Promise<ProjectRecord | null> =>
    project === undefined ? null : registry.find(project)
  return {
    'config.list': async ({ project }) => ({ settings: (await config.list(await scope(project))).map(present) }),
    'config.get': async ({ project, key }) => present(await config.get(await scope(project), key)),
    'config.set': async ({ project, level, key, value }) => {
      const record = await scope(project)
      await config.set(record, level, key, value)
      return present(await config.get(record, key))
    },
    'config.unset': async ({ project, level, key }) => {
      const record = await scope(project)
      await config.unset(record, level, key)
      return present(await config.get(record, key))
    },
  }
}

function present({ key, value, origin }: ConfigValue): Result<'config.get'> {
  return { key, value, origin: origin && { ...origin } }
}
