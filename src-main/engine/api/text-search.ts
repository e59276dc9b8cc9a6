import type { Logger } from 'pino'
import type { TextHits } from '../history/index-text.ts'
import type { HistoryCall } from '../history/history-calls.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { EngineServices } from './services.ts'

/** How long after a change texts are made searchable: what is saved often is then taken in at once. */
const DELAY_MS = 1000
/** Recording comes first: making texts searchable takes as much of the machine. But it waits no longer than this. */
const PATIENCE_MS = 60_000
/** How often it is told how far a run is that takes long. */
const TELL_MS = 1000

/** `behind`: the newest changes whose texts cannot be searched yet. */
export interface TextLag {
  readonly on: boolean
  readonly behind: number
}

export interface TextSurroundings {
  /** Whether the recorder has something before it. */
  isRecording(project: ProjectRecord): Promise<boolean>
  /** `known` of the project is another. */
  changed(project: ProjectRecord): void
  /** The index was damaged, and is made anew. */
  damaged(project: ProjectRecord, message: string): void
}

type Query = Extract<HistoryCall, { method: 'findText' }>
type Services = Pick<EngineServices, 'config' | 'history'>

/** Makes what was recorded searchable, behind the recorder's back and as the settings of the project say, and searches it. */
export class TextSearch {
  private readonly waiting = new Map<string, NodeJS.Timeout>()
  private stopped = false
  private readonly lags = new Map<string, TextLag>()

  constructor(
    private readonly services: Services,
    private readonly log: Logger,
    private readonly events: TextSurroundings,
  ) {}

  recorded(project: ProjectRecord): void {
    if (!this.waiting.has(project.uuid)) this.later(project, Date.now() + PATIENCE_MS)
  }

  /**
   * Waits until all that is recorded can be searched, for so long at most (null: however long it takes), then searches. An index
   * that turns out to be damaged is made anew, and searched then. Errors: those of `findText`; without patience E_SPACE.
   */
  async find(
    project: ProjectRecord,
    query: Query,
    { patienceMs, signal }: { readonly patienceMs: number | null; readonly signal: AbortSignal },
  ): Promise<TextHits & { readonly on: boolean }> {
    const limit = await this.limit(project)
    if (limit === 0) {
      await this.run(project)
      return { hits: [], next: null, behind: 0, coveredFrom: null, damaged: false, on: false }
    }
    const ask = async (): Promise<TextHits> => {
      await this.bring(project, patienceMs, signal)
      return this.services.history.ask(project.root, query, { signal })
    }
    const found = await ask()
    if (!found.damaged) return { ...found, on: true }
    this.tellDamage(project)
    return { ...(await ask()), damaged: true, on: true }
  }

  /** How far the texts lag, asked anew. */
  async lag(project: ProjectRecord): Promise<TextLag> {
    const on = (await this.limit(project)) > 0
    const { behind } = on ? await this.services.history.ask(project.root, { method: 'textLag' }) : { behind: 0 }
    const before = this.lags.get(project.uuid)
    const lag = { on, behind }
    this.lags.set(project.uuid, lag)
    if (before?.on !== on || before.behind !== behind) this.events.changed(project)
    return lag
  }

  /** As it was last asked; null: never. */
  known(uuid: string): TextLag | null {
    return this.lags.get(uuid) ?? null
  }

  stop(): void {
    this.stopped = true
    for (const timer of this.waiting.values()) clearTimeout(timer)
  }

  private async bring(project: ProjectRecord, patienceMs: number | null, signal: AbortSignal): Promise<void> {
    const filled = this.run(project)
    await new Promise<void>((resolve, reject) => {
      filled.then(resolve, (error: Error) => {
        if (patienceMs === null) return reject(error)
        // What can be searched is, and how much lags is told.
        this.log.warn({ err: error, project: project.name }, 'texts could not be made searchable')
        resolve()
      })
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (patienceMs !== null) setTimeout(resolve, patienceMs).unref()
    })
  }

  private later(project: ProjectRecord, latest: number): void {
    if (this.stopped) return
    const start = setTimeout(() => {
      this.begin(project, latest).catch((error: unknown) => {
        this.log.warn({ err: error, project: project.name }, 'texts could not be made searchable')
      })
    }, DELAY_MS)
    this.waiting.set(project.uuid, start)
  }

  private async begin(project: ProjectRecord, latest: number): Promise<void> {
    this.waiting.delete(project.uuid)
    if (Date.now() >= latest || !(await this.events.isRecording(project))) return this.run(project)
    if (!this.waiting.has(project.uuid)) this.later(project, latest)
  }

  private async run(project: ProjectRecord): Promise<void> {
    const look = (): void => void this.lag(project).catch(() => undefined)
    const telling = setInterval(look, TELL_MS)
    telling.unref()
    try {
      const { damaged, stopped } = await this.services.history.indexText(project.root, await this.limit(project))
      if (damaged) this.tellDamage(project)
      // What was stopped is wanted closed.
      if (!stopped) look()
    } finally {
      clearInterval(telling)
    }
  }

  private tellDamage(project: ProjectRecord): void {
    const message = 'The index for the search in texts was damaged. It is made anew from the contents; nothing is lost.'
    this.events.damaged(project, message)
  }

  /** Bytes that the index may have; 0: there is to be none. */
  private async limit(project: ProjectRecord): Promise<number> {
    const { value: on } = await this.services.config.get(project, 'history.search')
    const { value: limit } = await this.services.config.get(project, 'history.search-limit')
    return on === false ? 0 : Number(limit)
  }
}
