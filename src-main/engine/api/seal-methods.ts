import type { Params } from '../../../src-preload/contract.ts'
import { numberOf } from '../history/resolve-seal.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { userKey } from '../store/seals/keys.ts'
import { sealRef, withRange } from '../store/seals/seal-ref.ts'
import { readSignedRoot } from '../store/seals/signed-root.ts'
import type { EarlierRoot } from '../store/verify/check-refs.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { projectPath } from './project-path.ts'
import { prove, signedRootOf } from './prove.ts'

export function sealMethods({ services, sessions }: ApiContext): HandlersOf<'seals'> {
  const changeNamed = async (project: ProjectRecord, version: string): Promise<number> =>
    (await services.history.ask(project.root, { method: 'resolve', path: '', version })).number

  return {
    'seals.make': async ({ project: name, message }, { signal }) => {
      const project = await services.registry.find(name)
      const address = await sessions.use(project, (session) => session.make({ kind: 'seal', message }, signal))
      const change = address === null ? null : numberOf(projectLayout(project.root).mmr, address)
      if (address === null || change === null) throw new IzeError('E_INTERNAL', 'The seal that was made is not there.')
      return { seal: sealRef(address), change }
    },

    'seals.verify': async ({ project: name, since, roots }, call) => {
      const project = await services.registry.find(name)
      const work = {
        since: since === undefined ? 0 : await changeNamed(project, since),
        roots: roots.map(earlierRoot),
        signal: call.signal,
        progress: call.progress,
      }
      const report = await sessions.read(project, (lease) => services.verify(project, { ...work, lease }))
      return { ...report, faults: [...report.faults] }
    },

    'seals.root': async ({ project: name }) => {
      const project = await services.registry.find(name)
      const key = await userKey()
      return withRange(projectLayout(project.root).mmr, (range) => {
        if (!range) throw new IzeError('E_VERSION_UNKNOWN', 'This project has no history yet.')
        return signedRootOf(project, range, key)
      })
    },

    'seals.prove': async ({ project: name, path, version, leaves }) => {
      const project = await services.registry.find(name)
      const key = leaves === undefined ? await userKey() : null
      const wanted = { path: projectPath(path), version: version ?? null, leaves, key }
      return { proof: await prove(services.history, project, wanted) }
    },
  }
}

function earlierRoot(given: Params<'seals.verify'>['roots'][number]): EarlierRoot {
  if (given.kind === 'plain') return given
  const signed = readSignedRoot(given.line)
  if (signed) return { kind: 'signed', signed }
  throw new IzeError('E_ARGUMENT', `This is not a signed root: ${given.line.slice(0, 80)}`)
}
