import { PROTOCOL } from '../../../src-preload/contract.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { projectsSnapshot, type ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { timestampOfMs } from './timestamp.ts'

export interface EngineFacts {
  readonly version: string
  readonly started: number
  readonly centralDirectory: string
  readonly socket: string
  readonly log: string
  /** How many requests that hold off a handover are being answered. */
  readonly longRequests: () => number
  readonly stop: (why: string) => void
}

export function engineMethods(context: ApiContext, facts: EngineFacts): HandlersOf<'engine'> {
  const { sessions, hub, live } = context
  return {
    'engine.info': async () => ({
      protocol: PROTOCOL,
      version: facts.version,
      pid: process.pid,
      started: timestampOfMs(facts.started),
      centralDirectory: facts.centralDirectory,
      socket: facts.socket,
      log: facts.log,
      mounted: sessions.mounted,
      clients: hub.size,
      memory: process.memoryUsage.rss(),
    }),

    'engine.stop': async () => {
      facts.stop('a client asked for it')
      return {}
    },

    'engine.handover': async ({ version }) => {
      if (facts.longRequests() > 0) {
        throw new IzeError(
          'E_ENGINE_BUSY',
          `The running engine (${facts.version}) is at work and cannot hand over to ${version} now; try again when it is done.`,
        )
      }
      facts.stop(`handing over to version ${version}`)
      return {}
    },

    'engine.subscribe': async (_params, { client }) => {
      client.subscribe()
      live.stirAll()
      return projectsSnapshot(context, hub.revision)
    },
  }
}

export function doctorMethods({ services, sessions }: ApiContext): HandlersOf<'doctor'> {
  return {
    'doctor.run': async ({ project, fix, rebuildIndex = false }, { signal }) => {
      const record = project === undefined ? null : await services.registry.find(project)
      const whileClosed = <T>(one: ProjectRecord, work: () => Promise<T>): Promise<T> =>
        sessions.withClosed(one, async () => {
          await services.history.forget(one.root)
          return work()
        })
      const findings = await services.doctor(record, { fix, rebuildIndex, signal, whileClosed })
      return { findings: findings.map((finding) => ({ ...finding })) }
    },
  }
}
