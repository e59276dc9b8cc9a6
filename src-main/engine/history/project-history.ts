import type { CallOptions, HistoryClient } from './history-client.ts'
import type { HistoryAnswers } from './history-calls.ts'
import type { DiffQuery } from './diff-versions.ts'
import type { Page } from './history-pages.ts'
import type { RestoreOptions } from './restore-plan.ts'

/** The history of one project, as the engine's main thread asks for it. Paths are latin1 strings. */
export class ProjectHistory {
  constructor(
    private readonly client: HistoryClient,
    /** `projects/{uuid}` */
    private readonly root: string,
  ) {}

  /** Whether each path is or was in the project. */
  known(paths: readonly string[]): Promise<HistoryAnswers['known']> {
    return this.client.ask(this.root, { method: 'known', paths: [...paths] })
  }

  /** Newest first; a folder's tell all that happened below it. Errors: E_PATH_UNKNOWN. */
  entries(query: Page & { readonly path: string | null }): Promise<HistoryAnswers['entries']> {
    return this.client.ask(this.root, { method: 'entries', ...query })
  }

  changes(query: Page): Promise<HistoryAnswers['changes']> {
    return this.client.ask(this.root, { method: 'changes', ...query })
  }

  /** Null names the newest version. Errors: E_PATH_UNKNOWN, E_VERSION_UNKNOWN, E_VERSION_AMBIGUOUS. */
  resolve(path: string, version: string | null): Promise<HistoryAnswers['resolve']> {
    return this.client.ask(this.root, { method: 'resolve', path, version })
  }

  /** What exists now below a path; `after` is the `next` of the page before, empty for the first. */
  current(path: string, after: string, limit: number): Promise<HistoryAnswers['current']> {
    return this.client.ask(this.root, { method: 'current', path, after, limit })
  }

  diff(query: DiffQuery, options?: CallOptions): Promise<HistoryAnswers['diff']> {
    return this.client.ask(this.root, { method: 'diff', ...query }, options)
  }

  planRestore(
    path: string,
    version: string,
    options: RestoreOptions = { removeOthers: false },
  ): Promise<HistoryAnswers['planRestore']> {
    return this.client.ask(this.root, { method: 'planRestore', path, version, ...options })
  }

  /**
   * Writes what is versioned below a path, now (`version` null) or after a version, into a new or empty folder (text).
   * Errors: E_EXPORT_TARGET, E_EXPORT, E_SPACE, E_CANCELLED.
   */
  export(
    query: { readonly path: string; readonly version: string | null; readonly folder: string },
    options?: CallOptions,
  ): Promise<HistoryAnswers['export']> {
    return this.client.ask(this.root, { method: 'export', ...query }, options)
  }

  async close(): Promise<void> {
    this.client.forget(this.root)
  }
}
