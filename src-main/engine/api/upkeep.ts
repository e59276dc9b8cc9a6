import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ProjectSession } from '../project/session.ts'
import { BEHIND, isBehind } from '../retention/behind.ts'
import { durableWrite } from '../sys/durable-write.ts'
import type { ApiContext } from './context.ts'
import { DailyRoots } from './daily-roots.ts'
import { prune } from './prune.ts'

const HOUR = 3_600_000
/** Between two looks at whether a recorder has become busy. */
const WATCH_MS = 500
/** A recorder whose oldest operation waits so long needs the machine for itself. */
const BUSY_MS = 2000
/** Packs that lost so many thousandths are not worth writing again. */
const LOST = 50

/** When the last upkeep ended, and the newest change then. May be deleted: then it is due. */
const noteSchema = z.object({ time: z.number(), upTo: z.number() })
type Note = z.infer<typeof noteSchema>

interface Running {
  readonly stop: AbortController
  readonly done: Promise<void>
  what: NonNullable<Result<'projects.status'>['upkeep']>
}

/**
 * Prunes and packs mounted projects by itself, as their settings say: when nothing was done in one for a while, once in
 * `upkeep.hours` at most, one project after the other. It gives way at once to a recorder that gets work, to whoever needs
 * the project closed, and to the end of the engine; then nothing has changed, and it is done another time.
 */
export class Upkeep {
  private timer: NodeJS.Timeout | null = null
  private readonly running = new Map<string, Running>()
  private readonly roots: DailyRoots

  constructor(
    private readonly context: () => ApiContext,
    private readonly log: Logger,
    private readonly ending: AbortSignal,
  ) {
    this.roots = new DailyRoots(context, log)
  }

  start(idleSeconds: number): void {
    // Engines of several users do not all begin in the same minute.
    const rest = idleSeconds * 1000 * (0.5 + Math.random())
    this.timer = setTimeout(() => void this.look().finally(() => this.ending.aborted || this.start(idleSeconds)), rest)
    this.timer.unref()
  }

  /** What is being done in a project. */
  state(project: ProjectRecord): Running['what'] | null {
    return this.running.get(project.uuid)?.what ?? null
  }

  /** Ends what is being done in a project, and waits for that. */
  async giveWay(project: ProjectRecord): Promise<void> {
    const running = this.running.get(project.uuid)
    running?.stop.abort()
    await running?.done
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
    for (const { stop } of this.running.values()) stop.abort()
  }

  private async look(): Promise<void> {
    const { services, sessions } = this.context()
    const { projects } = await services.registry.list()
    for (const project of projects) {
      if (this.ending.aborted) return
      await this.roots.consider(project)
      if (sessions.mountPoint(project) === null) continue
      await this.consider(project).catch((error: unknown) => {
        if (error instanceof IzeError && error.code === 'E_CANCELLED') return
        this.log.warn({ err: error, project: project.name }, 'upkeep failed')
      })
    }
  }

  private async consider(project: ProjectRecord): Promise<void> {
    const { services, sessions } = this.context()
    const setting = async (key: string): Promise<unknown> => (await services.config.get(project, key)).value
    if ((await setting('upkeep.automatic')) !== true) return
    const note = await readNote(project)
    if (note && Date.now() - note.time < Number(await setting('upkeep.hours')) * HOUR) return
    const idleMs = Number(await setting('upkeep.idle-seconds')) * 1000
    if (!(await sessions.use(project, (session) => isIdle(session, idleMs)))) return
    const upTo = await newestChange(this.context(), project)
    if (upTo === 0) return
    await this.run(project, note, upTo)
    await durableWrite(noteFile(project), JSON.stringify({ time: Date.now(), upTo } satisfies Note))
  }

  private async run(project: ProjectRecord, note: Note | null, upTo: number): Promise<void> {
    const { services, sessions } = this.context()
    const stop = new AbortController()
    const signal = AbortSignal.any([stop.signal, this.ending])
    const work = sessions.use(project, async (session) => {
      const watch = setInterval(() => void yieldTo(session, stop), WATCH_MS)
      try {
        const told = { signal, progress: () => undefined }
        const { packed } = await prune(this.context(), project, { dryRun: false }, told)
        const running = this.running.get(project.uuid)
        if (running) running.what = 'packing'
        await this.foldBehind(project, session)
        // A prune has packed already.
        if (packed || note?.upTo === upTo) return
        await session.collect(null, { signal, lost: LOST })
        services.history.refresh(project.root)
      } finally {
        clearInterval(watch)
      }
    })
    const done = work.then(
      () => undefined,
      () => undefined,
    )
    this.running.set(project.uuid, { stop, done, what: 'pruning' })
    try {
      await work
    } finally {
      this.running.delete(project.uuid)
    }
  }

  /** What Pijul refused comes into its tree; where it refuses again, that stays told, and is tried with the next upkeep. */
  private async foldBehind(project: ProjectRecord, session: ProjectSession): Promise<void> {
    if (!isBehind(projectLayout(project.root).pijul)) return
    try {
      await session.fold()
      this.context().sessions.clearProblem(project, (message) => message.startsWith(BEHIND))
    } catch (error) {
      this.log.warn({ err: error, project: project.name }, "Pijul's tree could not be made anew")
    }
  }
}

async function isIdle(session: ProjectSession, idleMs: number): Promise<boolean> {
  const { recorder, pending, inHistoryUpTo, pruneDue } = await session.status()
  // The recorder goes on with that by itself, once there is room.
  if (pruneDue !== null) return false
  const since = inHistoryUpTo === null ? 0 : Date.now() - inHistoryUpTo.sec * 1000
  return recorder === 'idle' && pending.operations === 0 && since >= idleMs
}

async function yieldTo(session: ProjectSession, stop: AbortController): Promise<void> {
  const { pending } = await session.status()
  if (pending.age > BUSY_MS) stop.abort()
}

async function newestChange({ services }: ApiContext, project: ProjectRecord): Promise<number> {
  const { changes } = await services.history.ask(project.root, { method: 'changes', before: null, limit: 1 })
  return changes[0]?.sequence ?? 0
}

function noteFile({ root }: ProjectRecord): string {
  return join(projectLayout(root).meta, 'upkeep.json')
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
