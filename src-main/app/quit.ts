import type { AppEventPayload } from '../../src-preload/app-contract.ts'
import type { EngineLink } from '../window/engine-link.ts'
import type { ProjectsView } from './projects-view.ts'

const LOOK_MS = 300

/**
 * Brings everything of the mounted projects into history and unmounts them, telling what still waits. Projects that
 * cannot be unmounted (a program has a file open) stay mounted; the engine goes on for them. Errors: none of theirs.
 */
export async function drainAndUnmount(
  engine: EngineLink,
  view: ProjectsView,
  tell: (progress: AppEventPayload<'app.quitting'>) => void,
  signal: AbortSignal,
): Promise<readonly { readonly project: string; readonly why: string }[]> {
  const left = new Set(view.current.projects.filter(({ mounted }) => mounted).map(({ id }) => id))
  const show = (): void => {
    const { projects, status } = view.current
    const waiting = projects
      .filter(({ id }) => left.has(id))
      .map(({ id, name }) => ({ project: name, operations: status.get(id)?.pending.operations ?? 0 }))
    tell({ waiting })
  }
  show()
  const timer = setInterval(show, LOOK_MS)
  try {
    const results = await Promise.all(
      [...left].map(async (project) => {
        try {
          await engine.request('projects.flush', { project }, { signal })
          await engine.request('projects.unmount', { project, force: false, lazy: false })
          return null
        } catch (error) {
          return { project, why: error instanceof Error ? error.message : String(error) }
        } finally {
          left.delete(project)
        }
      }),
    )
    return results.filter((result) => result !== null)
  } finally {
    clearInterval(timer)
  }
}
