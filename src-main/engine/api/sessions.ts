import { IzeError } from '../ize-error.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ProjectSession, SessionEvent } from '../project/session.ts'
import { ReadingLease } from './reading-lease.ts'
import { SerialQueue } from './serial-queue.ts'

/** How long a session that is not mounted stays open after its last use, so that a series of commands opens it once. */
const LINGER_MS = 3_000

interface Entry {
  project: ProjectRecord
  readonly session: ProjectSession
  uses: number
  mountPoint: string | null
  /** It is being unmounted or closed by us: that the mount ends is no news. */
  ending: boolean
  linger: NodeJS.Timeout | null
  /** What keeps its recorder from going on at the moment. */
  problem: string | null
}

export interface SessionsOptions {
  readonly open: (project: ProjectRecord) => Promise<ProjectSession>
  readonly onEvent: (project: ProjectRecord, event: SessionEvent) => void
  /** Something opened or closed. */
  readonly onChange: () => void
  /** A project is wanted closed: what nobody asked for gives way. */
  readonly onWanted: (project: ProjectRecord) => Promise<void>
}

/**
 * The open projects. A session opens with its first use and closes when it is not mounted, nobody uses it, and nothing
 * waits to be recorded. Opening, mounting, unmounting and closing of one project come one after the other.
 */
export class Sessions {
  private readonly entries = new Map<string, Entry>()
  /** Why a project is not as it should be; until it is mounted anew. */
  private readonly problems = new Map<string, string>()
  private readonly turns = new Map<string, SerialQueue>()
  /** Who reads a project that nobody had open when it began. */
  private readonly leases = new Map<string, ReadingLease>()
  private closing = false

  constructor(private readonly options: SessionsOptions) {}

  get open(): number {
    return this.entries.size
  }

  get mounted(): number {
    return [...this.entries.values()].filter(({ mountPoint }) => mountPoint !== null).length
  }

  /** Those whose session is open. */
  projects(): readonly ProjectRecord[] {
    return [...this.entries.values()].map(({ project }) => project)
  }

  /** Its session, if one is open; what it tells may be looked at, nothing else done with it. */
  openNow(uuid: string): Pick<Entry, 'project' | 'session'> | null {
    return this.entries.get(uuid) ?? null
  }

  /** The project has another name from now on. */
  renamed(project: ProjectRecord): void {
    const entry = this.entries.get(project.uuid)
    if (entry) entry.project = project
  }

  mountPoints(): readonly string[] {
    return [...this.entries.values()].flatMap(({ mountPoint }) => mountPoint ?? [])
  }

  mountPoint(project: ProjectRecord): string | null {
    return this.entries.get(project.uuid)?.mountPoint ?? null
  }

  problem(project: ProjectRecord): string | null {
    return this.entries.get(project.uuid)?.problem ?? this.problems.get(project.uuid) ?? null
  }

  setProblem(project: ProjectRecord, message: string): void {
    this.problems.set(project.uuid, message)
  }

  /** What was wrong with it by `setProblem` or an event is over. */
  clearProblem(project: ProjectRecord, is: (message: string) => boolean): void {
    const message = this.problems.get(project.uuid)
    if (message === undefined || !is(message)) return
    this.problems.delete(project.uuid)
    this.options.onChange()
  }

  /** Runs `work` with the project's session, which stays open meanwhile. */
  async use<T>(project: ProjectRecord, work: (session: ProjectSession) => Promise<T>): Promise<T> {
    const entry = await this.inTurn(project, () => this.acquire(project))
    try {
      return await work(entry.session)
    } finally {
      this.release(entry)
    }
  }

  /**
   * Runs `work`, which only reads and may take long: nobody waits for it. With the session of whoever is at work in the
   * project, or with the project closed, as opening would mend it, until somebody opens it.
   */
  async read<T>(project: ProjectRecord, work: (lease: ReadingLease) => Promise<T>): Promise<T> {
    const { running } = await this.inTurn(project, async () => {
      const entry = this.entries.get(project.uuid)
      const isOpen = entry && (entry.uses > 0 || entry.mountPoint !== null)
      if (isOpen || this.leases.has(project.uuid)) {
        const used = await this.acquire(project)
        return { running: work(new ReadingLease(used.session)).finally(() => this.release(used)) }
      }
      if (entry) await this.close(entry)
      const lease = new ReadingLease(null)
      this.leases.set(project.uuid, lease)
      // In its turn, so that it can be told to let go from the start.
      return { running: work(lease).finally(() => this.endLease(project, lease)) }
    })
    return running
  }

  /** `work` mounts and says where. Errors: E_MOUNTED, and what `work` throws. */
  async mount(project: ProjectRecord, work: (session: ProjectSession) => Promise<string>): Promise<string> {
    return this.inTurn(project, async () => {
      const before = this.problem(project)
      const entry = await this.acquire(project)
      try {
        if (entry.mountPoint !== null) throw alreadyMounted(project, entry.mountPoint)
        entry.mountPoint = await work(entry.session)
        // What recovery had to say just now stays.
        if (this.problem(project) === before) this.problems.delete(project.uuid)
        return entry.mountPoint
      } finally {
        this.release(entry)
        this.options.onChange()
      }
    })
  }

  async unmount(project: ProjectRecord, options: { force: boolean; lazy: boolean }): Promise<void> {
    await this.inTurn(project, async () => {
      const entry = this.entries.get(project.uuid)
      if (!entry || entry.mountPoint === null) return
      entry.uses++
      entry.ending = true
      try {
        await entry.session.unmount(options)
        entry.mountPoint = null
      } finally {
        entry.ending = false
        this.release(entry)
        this.options.onChange()
      }
    })
  }

  /** Closes the session, if open, and keeps the project closed while `work` runs. Errors: E_ENGINE_BUSY while it is used. */
  async withClosed<T>(project: ProjectRecord, work: () => Promise<T>): Promise<T> {
    await this.options.onWanted(project)
    return this.inTurn(project, async () => {
      const entry = this.entries.get(project.uuid)
      if ((entry && entry.uses > 0) || this.leases.has(project.uuid)) {
        throw new IzeError('E_ENGINE_BUSY', `Another command is at work on ${project.name}; try again when it is done.`)
      }
      if (entry) await this.close(entry)
      return work()
    })
  }

  /** Ends every session at once: logs are synced, mounts end, nothing is drained. */
  async closeAll(): Promise<void> {
    this.closing = true
    await Promise.allSettled([...this.entries.values()].map((entry) => this.close(entry)))
  }

  private async acquire(project: ProjectRecord): Promise<Entry> {
    if (this.closing) throw new Error('The engine is ending.')
    let entry = this.entries.get(project.uuid)
    if (!entry) {
      const lease = this.leases.get(project.uuid)
      await lease?.letGo()
      const session = await this.options.open(project).catch((error: unknown) => {
        lease?.fail(error)
        throw error
      })
      entry = { project, session, uses: 0, mountPoint: null, ending: false, linger: null, problem: null }
      const opened = entry
      this.entries.set(project.uuid, entry)
      session.on((event) => this.hear(opened, event))
      if (lease) {
        entry.uses++
        lease.goOn(session, () => this.release(opened))
      }
      this.options.onChange()
    }
    entry.uses++
    if (entry.linger) clearTimeout(entry.linger)
    entry.linger = null
    return entry
  }

  private endLease(project: ProjectRecord, lease: ReadingLease): void {
    this.leases.delete(project.uuid)
    lease.end()
  }

  private release(entry: Entry): void {
    entry.uses--
    this.considerClosing(entry)
  }

  private considerClosing(entry: Entry): void {
    if (!this.unused(entry) || entry.linger || this.closing) return
    entry.linger = setTimeout(() => {
      entry.linger = null
      void this.inTurn(entry.project, () => this.closeIfDone(entry))
    }, LINGER_MS)
  }

  private unused(entry: Entry): boolean {
    return entry.uses === 0 && entry.mountPoint === null && this.entries.get(entry.project.uuid) === entry
  }

  private async closeIfDone(entry: Entry): Promise<void> {
    if (!this.unused(entry)) return
    const { pending, recorder, pausedUntil } = await entry.session.status()
    // A pause is the session's; its end brings us back here.
    if (pausedUntil !== null) return
    // What still waits is recorded first; its `recorded` and `status` events bring us back here.
    if (pending.operations > 0 && recorder !== 'stopped') return
    await this.close(entry)
  }

  private async close(entry: Entry): Promise<void> {
    if (entry.linger) clearTimeout(entry.linger)
    entry.ending = true
    try {
      await entry.session.close()
    } finally {
      this.entries.delete(entry.project.uuid)
      this.options.onChange()
    }
  }

  private hear(entry: Entry, event: SessionEvent): void {
    if (event.type === 'unmounted') {
      if (entry.ending || entry.mountPoint === null) return
      entry.mountPoint = null
      this.options.onChange()
    }
    if (event.type === 'status') entry.problem = null
    if (event.type === 'problem') {
      if (event.passing) entry.problem = event.message
      else this.setProblem(entry.project, event.message)
    }
    this.options.onEvent(entry.project, event)
    this.considerClosing(entry)
  }

  private inTurn<T>(project: ProjectRecord, work: () => Promise<T>): Promise<T> {
    let queue = this.turns.get(project.uuid)
    if (!queue) this.turns.set(project.uuid, (queue = new SerialQueue()))
    return queue.run(work)
  }
}

export function alreadyMounted(project: ProjectRecord, mountPoint: string): IzeError {
  const advice = `Unmount it first: ize unmount ${project.name}.`
  return new IzeError('E_MOUNTED', `${project.name} is already mounted at ${mountPoint}. ${advice}`, { mountPoint })
}
