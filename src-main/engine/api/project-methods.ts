import { resolve } from 'node:path'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import { mountPointOf } from '../project/mount-point.ts'
import { projectsSnapshot, type ApiContext } from './context.ts'
import type { FolderMethod } from './folder-methods.ts'
import type { HandlersOf } from './handlers.ts'
import { exportProject } from './export.ts'
import type { LiveMethod } from './live-methods.ts'
import { mountProject } from './mount-project.ts'
import { presentProject } from './present.ts'
import { presentImport, presentStep } from './present-import.ts'
import { withReadablePaths } from './readable-paths.ts'

export function projectMethods(context: ApiContext): Omit<HandlersOf<'projects'>, LiveMethod | FolderMethod> {
  const { services, sessions, hub, live } = context
  const { registry, projects } = services
  return {
    'projects.list': () => projectsSnapshot(context, hub.revision),

    'projects.init': async ({ name, from }, { progress, signal }) => {
      const { project, report } = await projects.init(name, from ?? null, (step) => progress(presentStep(step)), signal)
      hub.projectsChanged()
      return { project: presentProject(project, null, null), imported: presentImport(report) }
    },

    'projects.preview': async ({ from }, { progress, signal }) => {
      const { plan, name, folder, large, secrets, refused } = await projects.preview(from, progress, signal)
      return {
        name,
        folder,
        ...plan,
        unversioned: plan.unversioned.map(pathToText),
        large: large.map((file) => ({ ...file, path: pathToText(file.path) })),
        secrets: secrets.map((file) => ({ ...file, path: pathToText(file.path) })),
        refused: refused && { code: refused.code, message: refused.message },
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
      live.stir(project)
      hub.projectsChanged()
      return { mountPoint }
    },

    'projects.rename': async ({ project: name, name: wanted }) => {
      const renamed = await registry.rename(await registry.find(name), wanted)
      sessions.renamed(renamed)
      live.stir(renamed)
      hub.projectsChanged()
      return presentProject(renamed, sessions.mountPoint(renamed), sessions.problem(renamed))
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

    'projects.fold': async (params) => {
      const result = await sessions.use(await registry.find(params.project), (session) => session.fold())
      return { folded: result?.folded ?? 0 }
    },

    'projects.export': async (params, call) =>
      exportProject(context, await registry.find(params.project), params, call),
  }
}
