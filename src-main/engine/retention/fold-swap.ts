import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import type { ProjectLayout } from '../project/layout.ts'
import { durableWrite } from '../sys/durable-write.ts'
import { reached } from '../sys/failpoint.ts'

/**
 * Puts the folded repository (`fold/.pijul`, whole and on the disk) in the place of the old one. Order:
 *
 * 1. `fold/journal`, synced: up to here a folding is undone by the next start, from here on it is finished;
 * 2. `.pijul` becomes `fold/old`; 3. `fold/.pijul` becomes `.pijul`; both names synced; 4. the journal goes, synced;
 * 5. the rest of `fold/` goes, and the old repository with it.
 *
 * Nobody has either repository open meanwhile.
 */
export async function swapFolded(layout: Pick<ProjectLayout, 'root' | 'pijul' | 'fold'>): Promise<void> {
  await durableWrite(journalOf(layout), JOURNAL)
  reached('fold-decided')
  finish(layout)
}

/** Finishes or undoes what a crash left of a folding. Called before anyone opens the repository. Errors: E_FOLD. */
export function recoverFold(layout: Pick<ProjectLayout, 'root' | 'pijul' | 'fold'>): void {
  if (!existsSync(layout.fold)) return
  if (isDecided(layout)) return finish(layout)
  // Without a journal nothing was moved, or all was: the repository stands in its place.
  if (!existsSync(layout.pijul)) {
    const what = `${layout.pijul} is missing, and ${layout.fold} does not say why. Put it back from a backup.`
    throw new IzeError('E_FOLD', what, { folder: layout.fold })
  }
  rmSync(layout.fold, { recursive: true })
}

const JOURNAL = 'The repository in this folder takes the place of the old one.\n'
const journalOf = ({ fold }: Pick<ProjectLayout, 'fold'>): string => join(fold, 'journal')

/** Only a whole journal counts; it is replaced by rename, so a torn one is none of ours. */
function isDecided(layout: Pick<ProjectLayout, 'fold'>): boolean {
  const journal = journalOf(layout)
  return existsSync(journal) && readFileSync(journal, 'utf8') === JOURNAL
}

function finish(layout: Pick<ProjectLayout, 'root' | 'pijul' | 'fold'>): void {
  const { root, pijul, fold } = layout
  const [fresh, old] = [join(fold, '.pijul'), join(fold, 'old')]
  if (existsSync(fresh)) {
    if (existsSync(pijul)) renameSync(pijul, old)
    reached('fold-parted')
    renameSync(fresh, pijul)
  }
  sync(fold)
  sync(root)
  reached('fold-swapped')
  rmSync(journalOf(layout))
  sync(fold)
  reached('fold-settled')
  rmSync(fold, { recursive: true })
}

function sync(directory: string): void {
  const fd = openSync(directory, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
