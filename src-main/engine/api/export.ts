import { rmdir, stat } from 'node:fs/promises'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import { exportTarget } from './export-target.ts'
import type { Call } from './handlers.ts'
import { projectPath } from './project-path.ts'

/**
 * Writes what is in history into a folder; of the whole project as it is now also what has no history. All or nothing.
 */
export async function exportProject(
  { services, sessions }: ApiContext,
  project: ProjectRecord,
  { folder, path, version }: Params<'projects.export'>,
  { signal, progress }: Pick<Call<'projects.export'>, 'signal' | 'progress'>,
): Promise<Result<'projects.export'>> {
  const target = await exportTarget(folder, services.registry.central.path)
  return sessions.use(project, async (session) => {
    await session.flush(signal)
    const existed = (await stat(target).catch(() => null)) !== null
    const from = projectPath(path ?? '')
    const call = { method: 'export', path: from, version: version ?? null, folder: target } as const
    const { incomplete, ...counts } = await services.history.ask(project.root, call, { signal, progress })
    const sum = (more: { files: number; bytes: number }) => ({
      files: counts.files + more.files,
      bytes: counts.bytes + more.bytes,
    })
    let more = { files: 0, directories: 0, bytes: 0 }
    if (from === '' && version === undefined) {
      try {
        more = await services.projects.completeExport(project, target, (done) => progress(sum(done)), signal)
      } catch (error) {
        // It has emptied the folder; one that was not there before goes too.
        if (!existed) await rmdir(target).catch(() => undefined)
        throw error
      }
    }
    return {
      folder: target,
      ...sum(more),
      directories: counts.directories + more.directories,
      incomplete: incomplete.map(({ path: at, why }) => ({ path: pathToText(at), why })),
    }
  })
}
