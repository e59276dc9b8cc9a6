import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { diffVersions, type FileDiff } from './diff-versions.ts'
import { exportTree } from './export-tree.ts'
import type { ExportProgress, HistoryAnswers, HistoryCall } from './history-calls.ts'
import { changePage, knownPaths, versionPage } from './history-pages.ts'
import { FOREVER } from './index-schema.ts'
import { locateAt } from './locate.ts'
import type { OpenHistory } from './open-history.ts'
import { planRestore } from './restore-plan.ts'
import { resolveVersion } from './resolve-version.ts'
import { type TreeEntry, walkTree } from './tree-walk.ts'

export interface CallContext {
  readonly signal: AbortSignal
  readonly progress: (done: ExportProgress) => void
}

const NOW = FOREVER - 1

/** Answers one question, from one state of the index. Errors: of the question asked; E_CANCELLED. */
export async function answerCall(
  { sqlite, store }: OpenHistory,
  call: HistoryCall,
  { signal, progress }: CallContext,
): Promise<HistoryAnswers[HistoryCall['method']]> {
  switch (call.method) {
    case 'known':
      return sqlite.snapshot(() => knownPaths(sqlite, call.paths))
    case 'entries':
      return sqlite.snapshot(() => versionPage(sqlite, call.path, call))
    case 'changes':
      return sqlite.snapshot(() => changePage(sqlite, call))
    case 'resolve':
      return sqlite.snapshot(() => resolveVersion(sqlite, call.path, call.version).version)
    case 'planRestore':
      return sqlite.snapshot(() => planRestore(sqlite, call.path, call.version, call))
    case 'current':
      return sqlite.snapshot(() => {
        const directory = locateAt(sqlite, call.path, NOW)
        const entries = directory === null ? [] : take(walkTree(sqlite, directory, NOW, call.after), call.limit)
        return { entries, next: entries.length < call.limit ? null : (entries.at(-1)?.path ?? null) }
      })
    case 'diff':
      return collect(diffVersions(sqlite, store, call), signal)
    case 'export': {
      // Versions are never changed or taken away, so the tree at a point stays the same while it is walked.
      const { file, point, version } = resolveVersion(sqlite, call.path, call.version)
      if (version.state.type !== 'directory') {
        throw new IzeError('E_EXPORT', 'Only a project or a folder of it can be exported.')
      }
      return exportTree(store, walkTree(sqlite, file, point), { folder: call.folder, signal, progress })
    }
    default:
      return assertNever(call, 'question about history')
  }
}

/** Lets messages in between two differences, a cancellation among them. */
async function collect(diffs: Generator<FileDiff, number>, signal: AbortSignal): Promise<HistoryAnswers['diff']> {
  const files: FileDiff[] = []
  for (;;) {
    const { done, value } = diffs.next()
    if (done) return { files, more: value }
    files.push(value)
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) throw new IzeError('E_CANCELLED', 'The comparison was cancelled.')
  }
}

function take(entries: Iterable<TreeEntry>, limit: number): TreeEntry[] {
  const taken: TreeEntry[] = []
  for (const entry of entries) {
    taken.push(entry)
    if (taken.length === limit) break
  }
  return taken
}
