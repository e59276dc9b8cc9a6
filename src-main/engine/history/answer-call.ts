import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { statVersions } from './diff-stat.ts'
import { diffVersions } from './diff-versions.ts'
import { exportTree } from './export-tree.ts'
import { findNames, findPrograms } from './find-names.ts'
import { planForget } from './forget-plan.ts'
import type { ExportProgress, HistoryAnswers, HistoryCall } from './history-calls.ts'
import { changePage, knownPaths, versionPage } from './history-pages.ts'
import { findText, indexText } from './index-text.ts'
import { leaveForgotten } from './leave-forgotten.ts'
import type { OpenHistory } from './open-history.ts'
import { nameOf } from './paths.ts'
import { planRestore } from './restore-plan.ts'
import { resolveVersion } from './resolve-version.ts'
import { sizeReport } from './size-report.ts'
import { treePage } from './tree-page.ts'
import { walkTree } from './tree-walk.ts'
import { planUndo } from './undo-plan.ts'
import { contentSourceOrFail } from './version-content.ts'

export interface CallContext {
  readonly signal: AbortSignal
  readonly progress: (done: ExportProgress) => void
}

/** Answers one question, from one state of the index. Errors: of the question asked; E_CANCELLED. */
export async function answerCall(
  history: OpenHistory,
  call: HistoryCall,
  { signal, progress }: CallContext,
): Promise<HistoryAnswers[HistoryCall['method']]> {
  const { sqlite, store } = history
  switch (call.method) {
    case 'known':
      return sqlite.snapshot(() => knownPaths(sqlite, call.paths))
    case 'entries':
      return sqlite.snapshot(() => versionPage(sqlite, call.path, call, call.filter))
    case 'changes':
      return sqlite.snapshot(() => changePage(sqlite, call, call.filter))
    case 'resolve':
      return sqlite.snapshot(() => resolveVersion(sqlite, call.path, call.version).version)
    case 'planRestore':
      return leaveForgotten(
        store,
        sqlite.snapshot(() => planRestore(sqlite, call.path, call.version, call)),
        call.path,
      )
    case 'planUndo':
      return leaveForgotten(
        store,
        sqlite.snapshot(() => planUndo(sqlite, call.noted)),
        null,
      )
    case 'planForget':
      return sqlite.snapshot(() => planForget(sqlite, store, call.path, call.versions))
    case 'find':
      return sqlite.snapshot(() => {
        const { text, limit } = call
        return { names: findNames(sqlite, text, limit), programs: findPrograms(sqlite, text, limit) }
      })
    case 'findText':
      return findText(history, call, signal)
    case 'indexText':
      return indexText(history, call.limit, signal)
    case 'size':
      return sqlite.snapshot(() => sizeReport(sqlite, call.limit))
    case 'tree':
      return sqlite.snapshot(() => treePage(sqlite, call))
    case 'diff': {
      const [files, more] = await collect(diffVersions(sqlite, store, call), signal)
      return { files, more }
    }
    case 'stat': {
      const [files, stat] = await collect(statVersions(sqlite, store, call), signal)
      return { files, ...stat }
    }
    case 'export': {
      // Versions are never changed or taken away, so the tree at a point stays the same while it is walked.
      const { file, point, version } = resolveVersion(sqlite, call.path, call.version)
      const { number, state } = version
      if (!state.present) contentSourceOrFail(version.path, number, state)
      const entries =
        state.type === 'directory' ? walkTree(sqlite, file, point) : [{ path: nameOf(call.path), file, number, state }]
      return exportTree(store, entries, { folder: call.folder, signal, progress })
    }
    default:
      return assertNever(call, 'question about history')
  }
}

/** Lets messages in between two differences, a cancellation among them. */
async function collect<T, R>(items: Generator<T, R>, signal: AbortSignal): Promise<[T[], R]> {
  const collected: T[] = []
  for (;;) {
    const { done, value } = items.next()
    if (done) return [collected, value]
    collected.push(value)
    await new Promise((resolve) => setImmediate(resolve))
    if (signal.aborted) throw new IzeError('E_CANCELLED', 'The comparison was cancelled.')
  }
}
