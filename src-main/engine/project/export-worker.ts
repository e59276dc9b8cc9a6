import { exportUnversioned, type UnversionedCounts, type UnversionedOptions } from './export-unversioned.ts'
import { answerWork } from './thread-side.ts'
import { throttled } from './throttled.ts'

export type ExportRequest = Pick<UnversionedOptions, 'working' | 'folder' | 'patterns'>

/** The thread that completes an export. */
answerWork((request: ExportRequest, progress: (counts: UnversionedCounts) => void, cancelled) =>
  exportUnversioned({ ...request, cancelled, progress: throttled(progress) }),
)
