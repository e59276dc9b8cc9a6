import type { Config, ConfigKey, ConfigLevel } from '../config/schema.ts'
import type { DiffQuery, FileDiff } from '../history/diff-versions.ts'
import type { ChangeSummary, Page } from '../history/history-pages.ts'
import type { RestoreOptions, RestorePlan } from '../history/restore-plan.ts'
import type { Version } from '../history/version-rows.ts'
import type { CreatedProject } from '../project/create-project.ts'
import type { ImportProgress } from '../project/import-types.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { MountPoints } from '../project/mount-point.ts'
import type { ProjectSession } from '../project/session.ts'

/**
 * What the API needs of the parts behind it; engine.ts hands it the real ones. Paths of a project are latin1 strings;
 * paths of the machine (`from`, `folder`, mount points) are text.
 */
export interface EngineServices {
  readonly registry: {
    list(): Promise<{ readonly projects: readonly ProjectRecord[]; readonly damaged: readonly { uuid: string; root: string; problem: Error }[] }>
    find(nameOrUuid: string): Promise<ProjectRecord>
    setMount(project: ProjectRecord, mountPoint: string | null, mounted: boolean): Promise<ProjectRecord>
  }
  readonly projects: ProjectWork
  readonly mountPoints: Pick<MountPoints, 'prepare' | 'guard' | 'release' | 'abandon'>
  readonly history: (project: ProjectRecord) => Promise<HistoryReader>
  readonly openSession: (project: ProjectRecord) => Promise<ProjectSession>
  readonly config: ConfigWork
  readonly doctor: (project: ProjectRecord | null, signal: AbortSignal) => Promise<readonly Finding[]>
}

export interface ProjectWork {
  /** Makes a project, empty or from a folder; atomic. */
  init(name: string, from: string | null, progress: (step: ImportProgress) => void, signal: AbortSignal): Promise<CreatedProject>
  /** Deletes a project that is not open. */
  remove(project: ProjectRecord): Promise<void>
  export(
    project: ProjectRecord,
    folder: string,
    progress: (done: { files: number; bytes: number }) => void,
    signal: AbortSignal,
  ): Promise<{ files: number; directories: number; bytes: number }>
  /** gitignore patterns of what has no history. */
  unversioned(project: ProjectRecord): Promise<readonly string[]>
}

/** Answers questions about one project's history; nothing in it blocks the caller's thread. */
export interface HistoryReader {
  /** Whether each path exists or ever existed. */
  known(paths: readonly string[]): Promise<readonly boolean[]>
  /** Newest first; `before` is the `next` of the page before. */
  entries(query: Page & { path: string | null }): Promise<{ versions: readonly Version[]; next: number | null }>
  changes(query: Page): Promise<{ changes: readonly ChangeSummary[]; next: number | null }>
  /** The version of a path that a number, hash, or beginning of a hash names; null: its newest one. Errors: E_PATH_UNKNOWN, E_VERSION_UNKNOWN, E_VERSION_AMBIGUOUS. */
  resolve(path: string, version: string | null): Promise<Version>
  diff(query: DiffQuery): Promise<{ files: readonly FileDiff[]; more: number }>
  planRestore(path: string, version: string, options: RestoreOptions): Promise<RestorePlan>
  close(): Promise<void>
}

export interface ConfigValue {
  readonly key: ConfigKey
  readonly value: Config[ConfigKey]
  readonly origin: { readonly level: ConfigLevel; readonly file: string; readonly line: number } | null
}

export interface ConfigWork {
  list(project: ProjectRecord | null): Promise<readonly ConfigValue[]>
  get(project: ProjectRecord | null, key: string): Promise<ConfigValue>
  set(project: ProjectRecord | null, level: ConfigLevel, key: string, value: string): Promise<void>
  unset(project: ProjectRecord | null, level: ConfigLevel, key: string): Promise<void>
}

export interface Finding {
  readonly level: 'ok' | 'note' | 'warning' | 'error'
  readonly check: string
  readonly project: string | null
  readonly message: string
  readonly advice: string | null
}
