import { numberOf } from '../history/resolve-seal.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import { sealRef } from '../store/seals/seal-ref.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'

export function sealMethods({ services, sessions }: ApiContext): HandlersOf<'seals'> {
  return {
    'seals.make': async ({ project: name, message }, { signal }) => {
      const project = await services.registry.find(name)
      const address = await sessions.use(project, (session) => session.make({ kind: 'seal', message }, signal))
      const change = address === null ? null : numberOf(projectLayout(project.root).mmr, address)
      if (address === null || change === null) throw new IzeError('E_INTERNAL', 'The seal that was made is not there.')
      return { seal: sealRef(address), change }
    },
  }
}
