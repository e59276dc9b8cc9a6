import { lstatSync } from 'node:fs'
import { dirname } from 'node:path'
import { assertNever } from '../assert-never.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import { density } from './density.ts'
import type { RestoreStep } from '../project/session.ts'
import { statVersions } from './diff-stat.ts'
import { diffVersions } from './diff-versions.ts'
import { exportTree } from './export-tree.ts'
import { findNames, findPrograms } from './find-names.ts'
import { expectNoPart, planForget } from './forget-plan.ts'
import type { ExportProgress, HistoryAnswers, HistoryCall } from './history-calls.ts'
import { changePage, knownPaths, versionPage } from './history-pages.ts'
import { findText, indexText, textLag } from './index-text.ts'
import { momentPage } from './moment-pages.ts'
import { leaveForgotten } from './leave-forgotten.ts'
import type { OpenHistory } from './open-history.ts'
import { nameOf } from './paths.ts'
import { recent } from './recent.ts'
import { planRestoreLines } from './restore-lines.ts'
import { planPrune } from './plan-prune.ts'
import { planRestore } from './restore-plan.ts'
import { resolveVersion } from './resolve-version.ts'
import { sizeReport } from './size-report.ts'
import { taggedChanges } from './tagged-changes.ts'
import { treePage } from './tree-page.ts'
import { planUndoMoment } from './undo-moment-plan.ts'
import { type TreeEntry, walkTree } from './tree-walk.ts'
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
  const { sqlite, store, versions } = history
  switch (call.method) {
    case 'known':
      return sqlite.snapshot(() => knownPaths(sqlite, call.paths))
    case 'entries':
      return sqlite.snapshot(() => {
        const page = versionPage(sqlite, call.path, call, call.filter)
        return { ...page, versions: versions.mark(page.versions) }
      })
    case 'changes':
      return sqlite.snapshot(() => changePage(sqlite, call, call.filter))
    case 'moments':
      return sqlite.snapshot(() => momentPage(sqlite, taggedChanges(dirname(sqlite.file)), call))
    case 'density':
      return sqlite.snapshot(() => density(sqlite, call))
    case 'recent':
      return sqlite.snapshot(() => recent(sqlite, call))
    case 'resolve':
      return sqlite.snapshot(() => {
        const { version, file } = resolveVersion(sqlite, call.path, call.version)
        if (call.content) versions.expectAll([{ object: version.state.object, file }])
        return version
      })
    case 'planRestore':
      return leaveForgotten(
        store,
        sqlite.snapshot(() => possible(history, planRestore(sqlite, call.path, call.version, call))),
        call.path,
      )
    case 'planUndo':
      return leaveForgotten(
        store,
        sqlite.snapshot(() => possible(history, planUndo(sqlite, call.noted))),
        null,
      )
    case 'planUndoMoment':
      return sqlite.snapshot(() => possible(history, planUndoMoment(sqlite, call, existsIn(dirname(sqlite.file)))))
    case 'planRestoreLines':
      return sqlite.snapshot(() => planRestoreLines(history, call))
    case 'planPrune':
      return planPrune(history, call, signal)
    case 'planForget': {
      const plan = sqlite.snapshot(() => planForget(sqlite, store, call.path, call.versions))
      await expectNoPart(sqlite, store, plan, signal)
      return plan
    }
    case 'find':
      return sqlite.snapshot(() => {
        const { text, limit } = call
        return { names: findNames(sqlite, text, limit), programs: findPrograms(sqlite, text, limit) }
      })
    case 'findText':
      return findText(history, call, signal)
    case 'indexText':
      return indexText(history, call.limit, signal)
    case 'textLag':
      return textLag(history)
    case 'size':
      return sqlite.snapshot(() => sizeReport(history, call.limit))
    case 'tree':
      return sqlite.snapshot(() => {
        const page = treePage(sqlite, call)
        return { ...page, entries: versions.mark(page.entries) }
      })
    case 'diff': {
      const [files, more] = await collect(diffVersions(history, call), signal)
      return { files, more }
    }
    case 'stat': {
      const [files, stat] = await collect(statVersions(history, call), signal)
      return { files, ...stat }
    }
    case 'export': {
      // Versions are never changed or taken away, so the tree at a point stays the same while it is walked.
      const { file, point, version } = resolveVersion(sqlite, call.path, call.version)
      const { number, state } = version
      if (!state.present) contentSourceOrFail(version.path, number, state)
      const entries =
        state.type === 'directory' ? walkTree(sqlite, file, point) : [{ path: nameOf(call.path), file, number, state }]
      const asked = state.type === 'directory' ? walkTree(sqlite, file, point) : entries
      versions.expectAll(contentsOf(asked))
      return exportTree(store, entries, { folder: call.folder, signal, progress })
    }
    default:
      return assertNever(call, 'question about history')
  }
}

/** A plan that needs nothing which was pruned. Errors: E_PRUNED. */
function possible<P extends { readonly steps: readonly RestoreStep[] }>({ versions }: OpenHistory, plan: P): P {
  versions.expectAll(plan.steps.flatMap((step) => (step.kind === 'file' ? [step] : [])))
  return plan
}

function* contentsOf(entries: Iterable<TreeEntry>): Generator<{ object: string | undefined; file: number }> {
  for (const { state, file } of entries) yield { object: state.object, file }
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

/** Looks into working/; whoever plans a restore has brought into it everything that was saved before. */
function existsIn(root: string): (path: string) => boolean {
  const working = Buffer.from(`${projectLayout(root).working}/`)
  return (path) =>
    lstatSync(Buffer.concat([working, Buffer.from(path, 'latin1')]), { throwIfNoEntry: false }) !== undefined
}
