import { resolve } from 'node:path'
import type { Progress, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { ImportProgress } from '../project/import-types.ts'
import { mountPointOf } from '../project/mount-point.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { OpenFile } from '../project/session.ts'
import { projectsSnapshot, type ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { exportProject } from './export.ts'
import { presentProject } from './present.ts'
import { alreadyMounted } from './sessions.ts'
import { timestamp } from './timestamp.ts'

export function projectMethods(context: ApiContext): HandlersOf<'projects'> {
  const { services, sessions, hub } = context
  const { registry, projects } = services
  return {
    'projects.list': () => projectsSnapshot(context, hub.revision),

    'projects.init': async ({ name, from }, { progress, signal }) => {
      const { project, report } = await projects.init(name, from ?? null, (step) => progress(presentStep(step)), signal)
      hub.projectsChanged()
      const { plan, incomplete } = report
      return {
        project: presentProject(project, null, null),
        imported: plan && {
          ...plan,
          unversioned: plan.unversioned.map(pathToText),
          incomplete: incomplete.map(({ path, why }) => ({ path: pathToText(path), why })),
        },
      }
    },

    'projects.remove': async (params) => {
      const project = await registry.find(params.project)
      await sessions.unmount(project, { force: false, lazy: false }).catch((error: unknown) => {
        throw withReadablePaths(error)
      })
      await sessions.withClosed(project, async () => {
        await services.history.forget(project.root)
        if (project.mountPoint !== null) await services.mountPoints.abandon(project.mountPoint)
        await projects.remove(project)
      })
      hub.projectsChanged()
      return {}
    },

    'projects.status': async (params) => status(context, await registry.find(params.project)),

    'projects.flush': async (params, { signal }) => {
      const project = await registry.find(params.project)
      await sessions.use(project, (session) => session.flush(signal))
      return status(context, project)
    },

    'projects.mount': async (params) => {
      const project = await registry.find(params.project)
      return mountProject(context, project, resolve(mountPointOf(project, params.mountPoint)))
    },

    'projects.unmount': async ({ force, lazy, ...params }) => {
      const project = await registry.find(params.project)
      const mountPoint = sessions.mountPoint(project)
      if (mountPoint === null)
        throw new IzeError('E_NOT_MOUNTED', `${project.name} is not mounted.`, { project: project.name })
      await sessions.unmount(project, { force, lazy }).catch((error: unknown) => {
        throw withReadablePaths(error)
      })
      // Only now: had the engine died before, the mount would have come back, which is what was last asked for.
      await registry.setMount(project, mountPoint, false)
      await services.mountPoints.release(mountPoint)
      hub.projectsChanged()
      return { mountPoint }
    },

    'projects.size': async ({ project, limit }, { signal }) => {
      const { root } = await registry.find(project)
      const report = await services.history.ask(root, { method: 'size', limit }, { signal })
      return { ...report, largest: report.largest.map((file) => ({ ...file, path: pathToText(file.path) })) }
    },

    'projects.gc': async (params, { signal, progress }) => {
      const project = await registry.find(params.project)
      const { before, after, kept } = await sessions.use(project, (session) =>
        session.collect(null, { signal, progress }),
      )
      services.history.refresh(project.root)
      return { before, after, objects: kept }
    },

    'projects.export': async (params, call) =>
      exportProject(context, await registry.find(params.project), params, call),
  }
}

/** Mounts and remembers it. Errors: E_MOUNT_*, E_MOUNTED when it is mounted elsewhere. */
export async function mountProject(
  context: ApiContext,
  project: ProjectRecord,
  wanted: string,
): Promise<Result<'projects.mount'>> {
  const { services, sessions, hub } = context
  const at = sessions.mountPoint(project)
  if (at === wanted) return { mountPoint: at, kept: null }
  if (at !== null) throw alreadyMounted(project, at)
  let kept: string | null = null
  const { transport } = await mountSettings(services, project)
  const mountPoint = await sessions.mount(project, async (session) => {
    const prepared = await services.mountPoints.prepare(wanted, sessions.mountPoints())
    kept = prepared.kept
    const guard = services.mountPoints.guard(prepared.mountPoint)
    try {
      await session.mount(prepared.mountPoint, transport)
      guard.shut()
    } catch (error) {
      await services.mountPoints.release(prepared.mountPoint)
      throw error
    } finally {
      guard.close()
    }
    return prepared.mountPoint
  })
  await services.registry.setMount(project, mountPoint, true)
  hub.projectsChanged()
  return { mountPoint, kept }
}

async function mountSettings(
  { config }: ApiContext['services'],
  project: ProjectRecord,
): Promise<{ transport: 'kernel' | 'fuse-native' }> {
  const { value } = await config.get(project, 'mount.transport')
  return { transport: value === 'fuse-native' ? 'fuse-native' : 'kernel' }
}

async function status(
  { services, sessions, upkeep }: ApiContext,
  project: ProjectRecord,
): Promise<Result<'projects.status'>> {
  const now = await sessions.use(project, (session) => session.status())
  return {
    ...presentProject(project, now.mountPoint, now.problem ?? sessions.problem(project)),
    recorder: now.recorder,
    pending: now.pending,
    inHistoryUpTo: now.inHistoryUpTo && timestamp(now.inHistoryUpTo.sec, now.inHistoryUpTo.nsec),
    log: now.log,
    upkeep: upkeep.state(project),
    unversioned: [...(await services.projects.unversioned(project))],
  }
}

function presentStep(step: ImportProgress): Progress<'projects.init'> {
  return step.phase === 'plan' ? { ...step, unversioned: step.unversioned.map(pathToText) } : step
}

/** E_MOUNT_BUSY names who holds which path; those are bytes. */
function withReadablePaths(error: unknown): unknown {
  if (!(error instanceof IzeError) || !Array.isArray(error.data['openFiles'])) return error
  const openFiles = (error.data['openFiles'] as OpenFile[]).map((file) => ({ ...file, path: pathToText(file.path) }))
  return new IzeError(error.code, error.message, { ...error.data, openFiles })
}
