import type { Logger } from 'pino'
import type { ProjectRecord } from '../project/project-file.ts'
import type { EngineServices } from './services.ts'

/** How long after a change texts are made searchable: what is saved often is then taken in at once. */
const DELAY_MS = 1000

/** Makes what was recorded searchable, behind the recorder's back and as the settings of the project say. */
export class TextSearch {
  private readonly waiting = new Map<string, NodeJS.Timeout>()

  constructor(
    private readonly services: Pick<EngineServices, 'config' | 'history'>,
    private readonly log: Logger,
  ) {}

  recorded(project: ProjectRecord): void {
    if (this.waiting.has(project.uuid)) return
    const start = setTimeout(() => {
      this.waiting.delete(project.uuid)
      this.run(project).catch((error: unknown) => {
        this.log.warn({ err: error, project: project.name }, 'texts could not be made searchable')
      })
    }, DELAY_MS)
    this.waiting.set(project.uuid, start)
  }

  /**
   * Waits until all that is recorded can be searched, for so long at most (null: however long it takes). Returns whether
   * the project is to be searchable at all.
   */
  async bring(project: ProjectRecord, patienceMs: number | null, signal: AbortSignal): Promise<boolean> {
    const limit = await this.limit(project)
    const filled = this.services.history.indexText(project.root, limit)
    await new Promise<void>((resolve, reject) => {
      filled.then(resolve, reject)
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (patienceMs !== null) setTimeout(resolve, patienceMs).unref()
    })
    return limit > 0
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer)
  }

  private async run(project: ProjectRecord): Promise<void> {
    await this.services.history.indexText(project.root, await this.limit(project))
  }

  /** Bytes that the index may have; 0: there is to be none. */
  private async limit(project: ProjectRecord): Promise<number> {
    const { value: on } = await this.services.config.get(project, 'history.search')
    const { value: limit } = await this.services.config.get(project, 'history.search-limit')
    return on === false ? 0 : Number(limit)
  }
}
