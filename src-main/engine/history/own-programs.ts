import type { ChangeEntry, ChangeKind, Program } from './change-metadata.ts'

/** Names under which Ize itself stands in the history: through the mount, straight into the log, and at an import. */
export const RESTORE_TITLE = 'ize restore'
export const ENGINE_TITLE = 'ize engine'
export const IMPORT_TITLE = 'ize init'
/** What was found at the mount point, taken in. */
export const ADOPT_TITLE = 'ize adopt'

/** What a change is as a whole: a restore by who did it, else what its only entry is. */
export function kindOf(entries: readonly ChangeEntry[], programs: readonly Program[]): ChangeKind {
  const [first, ...more] = entries
  if (first && entries.every(({ program }) => isRestorer(programs[program ?? -1]))) return 'restore'
  return first && more.length === 0 ? first.kind : 'several'
}

function isRestorer(program: Program | undefined): boolean {
  return program?.name === RESTORE_TITLE || program?.name === ENGINE_TITLE
}
