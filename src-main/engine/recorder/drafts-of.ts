import type { Program } from '../history/change-metadata.ts'
import type { Versioning } from '../project/ignore.ts'
import type { Batch } from './batch.ts'
import type { Draft } from './draft.ts'
import { computeEffect } from './effect.ts'
import { makeEntries } from './entries.ts'
import type { HistoryWriter } from './history-writer.ts'
import type { Programs } from './programs.ts'
import type { Writers } from './writers.ts'

/** What the recorder knows beside the batch. */
export interface Known {
  readonly writers: Writers
  readonly programs: Programs
  readonly history: Pick<HistoryWriter, 'has'>
}

/** What a batch comes to in history: the entries of its change, and the programs that they name by index. */
export function draftsOf(
  batch: Batch,
  { writers, programs: known, history }: Known,
  versioning: Versioning,
  textLimit: number,
): { readonly drafts: readonly Draft[]; readonly programs: readonly Program[] } {
  for (const [ino, path] of writers.finishedPaths()) if (!batch.load(ino, path)) writers.drop(ino)
  const programs: Program[] = []
  const drafts = makeEntries({
    space: batch.space,
    effect: computeEffect(batch.space),
    versioning,
    unrecorded: (ino) => writers.born(ino),
    open: (ino) => writers.open(ino),
    finished: (ino) => writers.finished(ino),
    operations: (ino) => batch.operationsOf(ino),
    program: (ino) => indexOf(programs, known, batch.threadOf(ino)),
    inHistory: (path) => history.has(path),
    textLimit,
  })
  return { drafts, programs }
}

function indexOf(programs: Program[], known: Programs, thread: number | undefined): number | undefined {
  const program = thread === undefined ? null : known.of(thread)
  if (!program) return undefined
  const at = programs.findIndex(({ pid, start }) => pid === program.pid && start === program.start)
  return at >= 0 ? at : programs.push(program) - 1
}
