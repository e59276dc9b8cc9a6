import { randomUUID } from 'node:crypto'
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { Undertaking } from '../project/journal.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { syncDirectory } from '../sys/durable-write.ts'
import { reached } from '../sys/failpoint.ts'
import { inodeOf } from '../sys/inode-of.ts'
import type { ApiContext } from './context.ts'
import type { Call } from './handlers.ts'
import { presentProject } from './present.ts'
import { presentImport, presentStep } from './present-import.ts'
import { mountProject } from './mount-project.ts'
import { runAdopt } from './run-adopt.ts'

type Taking = Extract<Undertaking, { kind: 'in-place' }>

/**
 * Makes a project of a folder and mounts it in the folder's place; the original is kept beside:
 *
 * 1. journal; 2. the import; 3. the folder becomes `{name}.before-ize`, by one rename; 4. an empty folder takes its place;
 * 5. the original is looked through again, and what changed in it since the import goes into the journal, its state into
 * `meta/before-ize.json`; 6. the project is mounted; 7. what changed is brought in, through the mount; 8. the journal's
 * entry goes.
 *
 * Ended before 2 is through, nothing has happened; from then on the next start goes on from where this ended.
 */
export async function initInPlace(
  context: ApiContext,
  { name, from }: Params<'projects.initInPlace'>,
  { progress, signal }: Pick<Call<'projects.initInPlace'>, 'progress' | 'signal'>,
): Promise<Result<'projects.initInPlace'>> {
  const { services, sessions, hub } = context
  const { journal, projects } = services
  const place = await projects.checkInPlace(from)
  const begun: Taking = { kind: 'in-place', uuid: randomUUID(), ...place, began: Date.now(), steps: null }
  await journal.write(begun)
  const made = await projects
    .init(name, place.folder, (step) => progress(presentStep(step)), signal, begun.uuid)
    .catch(async (error: unknown) => {
      await journal.remove(begun.uuid)
      throw error
    })
  reached('in-place-imported')
  try {
    const left = await takePlace(context, made.project, begun)
    const imported = presentImport(made.report)
    const incomplete = left.map((path) => ({
      path: pathToText(path),
      why: 'programs changed it in the project meanwhile',
    }))
    return {
      project: presentProject(made.project, sessions.mountPoint(made.project), null),
      imported: imported && { ...imported, incomplete: [...imported.incomplete, ...incomplete] },
      mountPoint: place.folder,
      before: place.before,
    }
  } catch (error) {
    // Once it is mounted programs are at work in it: the next start brings in what is missing.
    if (sessions.mountPoint(made.project) === null) await putBack(context, made.project, begun)
    throw error
  } finally {
    hub.projectsChanged()
  }
}

/** After an end in the middle. Errors: those of mounting; the next start tries again then. */
export async function settleTaking(context: ApiContext, begun: Taking): Promise<void> {
  const project = (await context.services.registry.list()).projects.find(({ uuid }) => uuid === begun.uuid)
  if (project) await takePlace(context, project, begun)
  else await context.services.journal.remove(begun.uuid)
}

/** Steps 3 to 8. Paths (latin1) that changed on both sides, and stay in the project as they are there. */
async function takePlace(context: ApiContext, project: ProjectRecord, begun: Taking): Promise<readonly string[]> {
  const { services, sessions } = context
  const { journal, projects } = services
  const { folder, before, uuid, began } = begun
  await moveAside(begun)
  reached('in-place-renamed')
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    // There since an earlier run; mounting says what is wrong with it.
    if (error.code !== 'EEXIST') throw error
  })
  reached('in-place-emptied')
  let { steps } = begun
  if (steps === null) {
    const found = await projects.compareOriginal(project, before, began)
    await projects.before.write(project, { format: 1, folder: before, since: Date.now(), state: found.state })
    steps = [...found.steps]
    await journal.write({ ...begun, steps })
  }
  reached('in-place-compared')
  await mountProject(context, project, folder)
  reached('in-place-mounted')
  const left = steps.length === 0 ? [] : await runAdopt(before, folder, steps)
  if (steps.length > 0) await sessions.use(project, (session) => session.flush())
  reached('in-place-adopted')
  await journal.remove(uuid)
  return left
}

async function moveAside({ folder, before, original }: Taking): Promise<void> {
  if ((await inodeOf(before)) === original) return
  if ((await inodeOf(folder)) !== original || (await inodeOf(before)) !== null) {
    throw new IzeError(
      'E_BEFORE_EXISTS',
      `${folder} is not the folder any more that was imported; it is left as it is.`,
      {
        path: folder,
      },
    )
  }
  try {
    await rename(folder, before)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new IzeError('E_MOUNT_FAILED', `${folder} cannot be moved aside: ${why}.`, { mountPoint: folder })
  }
  await syncDirectory(dirname(folder))
}

/** It could not be mounted: the original goes back to its place, and the project goes. */
async function putBack(
  context: ApiContext,
  project: ProjectRecord,
  { folder, before, original, uuid }: Taking,
): Promise<void> {
  const { services, sessions } = context
  if ((await inodeOf(before)) === original) {
    await services.mountPoints.abandon(folder)
    try {
      // Over the empty folder of step 4, if it is there.
      await rename(before, folder)
    } catch (error) {
      // Something was put there meanwhile: then both stay, and the next start goes on.
      if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return
      throw error
    }
    await syncDirectory(dirname(folder))
  }
  await sessions.withClosed(project, async () => {
    await services.history.forget(project.root)
    await services.projects.remove(project)
  })
  await services.journal.remove(uuid)
}
