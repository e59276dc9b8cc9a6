import type { UnversionedCounts } from './export-unversioned.ts'
import type { ExportRequest } from './export-worker.ts'
import { projectLayout } from './layout.ts'
import { inThread } from './thread-work.ts'

export interface CompleteExportOptions {
  /** `projects/{uuid}`; everything that was done in it is applied to working/ (a flush before). */
  readonly root: string
  /** An export of the whole project as it is now, not under a mount of Ize. */
  readonly folder: string
  /** `ignore` of the settings in force. */
  readonly patterns: readonly string[]
  readonly signal: AbortSignal
  readonly progress: (counts: UnversionedCounts) => void
}

/**
 * Adds to an export what is not versioned. Returns what it added. When it fails or is cancelled, the folder is emptied.
 * Errors: E_SPACE, E_EXPORT, E_CANCELLED.
 */
export async function completeExport({
  root,
  folder,
  patterns,
  signal,
  progress,
}: CompleteExportOptions): Promise<UnversionedCounts> {
  const request = { working: projectLayout(root).working, folder, patterns }
  return inThread<ExportRequest, UnversionedCounts, UnversionedCounts>('export-worker', request, { signal, progress })
}
