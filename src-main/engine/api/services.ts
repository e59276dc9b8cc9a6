import type { Config, ConfigKey, ConfigLevel } from '../config/schema.ts'
import type { DoctorOptions } from '../project/doctor.ts'
import type { Finding } from '../project/finding.ts'
import type { HistoryClient } from '../history/history-client.ts'
import type { BeforeIze } from '../project/before-ize.ts'
import type { Original } from '../project/compare-original.ts'
import type { CreatedProject } from '../project/create-project.ts'
import type { UnversionedCounts } from '../project/export-unversioned.ts'
import type { ImportProgress } from '../project/import-types.ts'
import type { CopyCounts } from '../project/plain-copy.ts'
import type { PlainFolder } from '../project/plain-folder.ts'
import type { ImportPreview } from '../project/preview-import.ts'
import type { PreviewCounts } from '../project/preview-source.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { InPlace } from '../project/check-in-place.ts'
import type { Journal } from '../project/journal.ts'
import type { MountPoints } from '../project/mount-point.ts'
import type { ProjectSession } from '../project/session.ts'
import type { VerifyProjectOptions } from '../project/verify-project.ts'
import type { Verified } from '../store/verify/verify-history.ts'

/**
 * What the API needs of the parts behind it; engine.ts hands it the real ones. Paths of a project are latin1 strings;
 * paths of the machine (`from`, `folder`, mount points) are text.
 */
export interface EngineServices {
  readonly registry: {
    readonly central: { readonly path: string }
    list(): Promise<{
      readonly projects: readonly ProjectRecord[]
      readonly damaged: readonly { uuid: string; root: string; problem: Error }[]
    }>
    find(nameOrUuid: string): Promise<ProjectRecord>
    rename(project: ProjectRecord, name: string): Promise<ProjectRecord>
    setMount(project: ProjectRecord, mountPoint: string | null, mounted: boolean): Promise<ProjectRecord>
  }
  readonly projects: ProjectWork
  readonly mountPoints: Pick<MountPoints, 'prepare' | 'guard' | 'release' | 'abandon' | 'replace' | 'checkEmpty'>
  readonly journal: Pick<Journal, 'write' | 'remove' | 'list'>
  readonly history: HistoryClient
  readonly openSession: (project: ProjectRecord) => Promise<ProjectSession>
  readonly config: ConfigWork
  readonly verify: (project: ProjectRecord, options: VerifyWork) => Promise<Verified>
  readonly doctor: (
    project: ProjectRecord | null,
    options: Required<Pick<DoctorOptions, 'fix' | 'rebuildIndex' | 'signal' | 'whileClosed'>>,
  ) => Promise<readonly Finding[]>
}

export type VerifyWork = Omit<VerifyProjectOptions, 'root' | 'uuid'>

export interface ProjectWork {
  /** Makes a project, empty or from a folder; atomic. */
  init(
    name: string,
    from: string | null,
    progress: (step: ImportProgress) => void,
    signal: AbortSignal,
    /** Its uuid, where that has to be known before. */
    uuid?: string,
  ): Promise<CreatedProject>
  /** What `init` from a folder would take in; writes nothing. */
  preview(from: string, progress: (counts: PreviewCounts) => void, signal: AbortSignal): Promise<ImportPreview>
  /** Writes what programs see of a project that is not open into an empty folder, and compares it. */
  writePlain(
    project: ProjectRecord,
    folder: string,
    progress: (done: CopyCounts) => void,
    signal: AbortSignal,
  ): Promise<PlainFolder>
  /** Where a folder's original goes when a project takes its place. */
  checkInPlace(from: string): Promise<InPlace>
  /**
   * What became of a folder that was imported, compared with a project that was not opened since; null: its state, and what
   * was touched in it since `began`.
   */
  compareOriginal(
    project: ProjectRecord | null,
    original: string,
    began: number,
    signal?: AbortSignal,
  ): Promise<Original>
  readonly before: {
    read(project: ProjectRecord): Promise<BeforeIze | null>
    write(project: ProjectRecord, before: BeforeIze): Promise<void>
    /** Removes the kept original, then what is known of it. */
    remove(project: ProjectRecord, before: BeforeIze): Promise<void>
    /** Removes what is known of it alone. */
    forget(project: ProjectRecord): Promise<void>
  }
  /** Deletes a project that is not open. */
  remove(project: ProjectRecord): Promise<void>
  /** Adds to an export of the whole project what has no history. */
  completeExport(
    project: ProjectRecord,
    folder: string,
    progress: (done: UnversionedCounts) => void,
    signal: AbortSignal,
  ): Promise<UnversionedCounts>
  /** gitignore patterns of what has no history. */
  unversioned(project: ProjectRecord): Promise<readonly string[]>
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
