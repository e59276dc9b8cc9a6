import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { freeName } from '../history/free-name.ts'
import { nameOf } from '../history/paths.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { removeTree } from '../sys/remove-tree.ts'
import { errno, errnoName } from '../sys/errno.ts'
import * as native from '../sys/native.ts'
import type { ApiContext } from './context.ts'
import { exportTarget } from './export-target.ts'
import type { Call } from './handlers.ts'
import { projectPath } from './project-path.ts'

const RENAME_NOREPLACE = 1

/**
 * Writes a version into a folder of its own within `folder`, and moves it whole to a name that is free there: its own
 * name for what is now, one with the time for an earlier version. Nothing is ever replaced; when it fails or is
 * cancelled, nothing is left. Errors: E_EXPORT_TARGET, E_UNDER_MOUNT, and those of an export.
 */
export async function copyOut(
  { services, sessions }: ApiContext,
  project: ProjectRecord,
  { folder, path: text, version }: Params<'history.copyOut'>,
  { signal, progress }: Pick<Call<'history.copyOut'>, 'signal' | 'progress'>,
): Promise<Result<'history.copyOut'>> {
  const target = await exportTarget(folder, services.registry.central.path)
  if (!(await stat(target).catch(() => null))?.isDirectory()) {
    throw new IzeError('E_EXPORT_TARGET', `${folder} is not a folder; choose one that exists.`, { folder })
  }
  return sessions.use(project, async (session) => {
    await session.flush(signal)
    const path = projectPath(text)
    const found = await services.history.ask(project.root, { method: 'resolve', path, version: version ?? null })
    const parts = join(target, `.ize-copy-${randomUUID()}`)
    const call = { method: 'export', path, version: version ?? null, folder: parts } as const
    const { incomplete } = await services.history.ask(project.root, call, { signal, progress })
    try {
      const name = path === '' ? bytesOf(project.name) : nameOf(path)
      const from = found.state.type === 'directory' ? bytesOf(parts) : `${bytesOf(parts)}/${name}`
      const taken = (candidate: string): boolean => !moved(from, `${bytesOf(target)}/${candidate}`)
      const own = version === undefined && !taken(name)
      const given = own ? name : freeName(name, found.change.time[0], taken)
      return {
        written: join(target, pathToText(given)),
        incomplete: incomplete.map(({ path: at, why }) => ({ path: pathToText(at), why })),
      }
    } finally {
      await removeTree(parts)
    }
  })
}

/** False: something is there. */
function moved(from: string, to: string): boolean {
  const done = native.renameAt2(native.AT_FDCWD, from, native.AT_FDCWD, to, RENAME_NOREPLACE)
  if (done === 0) return true
  if (done === -errno.EEXIST) return false
  throw new IzeError('E_EXPORT', `${to} could not be written (${errnoName(done)}).`)
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1')
}
