import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { keepRoot } from '../store/seals/kept-roots.ts'
import { userKey } from '../store/seals/keys.ts'
import { rootPlaceOf } from '../store/seals/root-place.ts'
import { withRange } from '../store/seals/seal-ref.ts'
import { durableWrite } from '../sys/durable-write.ts'
import type { ApiContext } from './context.ts'
import { outsideOfMounts } from './export-target.ts'
import { signedRootOf } from './prove.ts'

const DAY = 86_400_000
/** What went wrong is told with this before it. */
const FAILED = 'The root of today is not kept yet: '

/** `meta/kept-root.json`: which root was added last, and where. May be deleted: then one is due. */
const noteSchema = z.object({ to: z.string(), time: z.number(), leaves: z.number() })
type Note = z.infer<typeof noteSchema>

/**
 * Adds the signed root of a project to the place that its setting `root.append-to` names: once a day, when there are new
 * seals, whether or not the project is mounted. The line first, then the note of it: ended in between, a root is there
 * twice, which does no harm. What fails is told, and tried again with the next look.
 */
export class DailyRoots {
  private readonly told = new Map<string, { readonly message: string; readonly time: number }>()

  constructor(
    private readonly context: () => ApiContext,
    private readonly log: Logger,
  ) {}

  async consider(project: ProjectRecord): Promise<void> {
    const { sessions } = this.context()
    try {
      await this.keep(project)
      if (this.told.delete(project.uuid)) sessions.clearProblem(project, (message) => message.startsWith(FAILED))
    } catch (error) {
      this.tell(project, `${FAILED}${error instanceof Error ? error.message : String(error)}`, error)
    }
  }

  private async keep(project: ProjectRecord): Promise<void> {
    const { services } = this.context()
    const { value } = await services.config.get(project, 'root.append-to')
    const to = String(value)
    const place = to === '' ? null : rootPlaceOf(to)
    if (!place) return
    const { mmr } = projectLayout(project.root)
    const leaves = withRange(mmr, (range) => range?.leaves ?? 0)
    const note = await readNote(project)
    const isNew = leaves > 0 && note?.leaves !== leaves
    if (note?.to === to && (!isNew || Math.abs(Date.now() - note.time) < DAY)) return
    if (leaves === 0) return
    await outsideOfMounts(place.kind === 'file' ? place.file : place.repository, 'name a place outside of it')
    const key = await userKey()
    const root = withRange(mmr, (range) => range && signedRootOf(project, range, key))
    if (!root) return
    await keepRoot(place, root)
    await durableWrite(noteFile(project), JSON.stringify({ to, time: Date.now(), leaves: root.leaves } satisfies Note))
    this.log.info({ project: project.name, to, seals: root.leaves }, 'the root of today is kept')
  }

  /** The same thing once a day. */
  private tell(project: ProjectRecord, message: string, error: unknown): void {
    const told = this.told.get(project.uuid)
    if (told?.message === message && Date.now() - told.time < DAY) return
    this.told.set(project.uuid, { message, time: Date.now() })
    const { sessions, hub } = this.context()
    this.log.warn({ err: error, project: project.name }, message)
    sessions.setProblem(project, message)
    hub.send('problem', { project: { id: project.uuid, name: project.name }, message })
    hub.projectsChanged()
  }
}

function noteFile({ root }: ProjectRecord): string {
  return join(projectLayout(root).meta, 'kept-root.json')
}

async function readNote(project: ProjectRecord): Promise<Note | null> {
  const text = await readFile(noteFile(project), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  try {
    return noteSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
