import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import type { ProjectLayout } from '../project/layout.ts'
import { reached } from '../sys/failpoint.ts'
import type { PijulLogEntry } from '../sys/native.ts'
import { ChangeArchive } from './change-archive.ts'
import type { Channel } from './channel.ts'
import { foldMetadata, writeFolded } from './folded.ts'
import { foldSealed, type SealedTree } from './fold-sealed.ts'
import { swapFolded } from './fold-swap.ts'

/** Changes read at a time, and how much metadata one lot of the archive has at most. */
const LOT_CHANGES = 256
const LOT_BYTES = 4 * 1024 * 1024

export interface FoldResult {
  /** Changes that were folded now, and all that are. */
  readonly folded: number
  readonly changes: number
}

/**
 * Makes Pijul's part of history short: all changes of the channel become one that holds the tree as Pijul has it now
 * (a few where one would not fit in memory), and what they said of themselves moves into the archive. Numbers of
 * changes, their hashes as names, seals, range and proofs stay as they are; contents of versions are in `objects/` as
 * before. Null: there was nothing to fold.
 *
 * Where Pijul had refused a change, its tree is not taken: the sealed one is, so that Pijul has all of it again.
 *
 * For the owner of the channel, the recorder's thread, between two batches: it must not record meanwhile (`log` and
 * `head` may be asked). Takes as long as reading Pijul's tree and writing it twice. Write order:
 *
 * 1. the changes into the archive, synced; 2. the new repository in `fold/.pijul`, read again and compared, synced; how
 * far it is folded with it; 3. the swap (fold-swap.ts). Ended before the swap is decided, it is as if it had not begun;
 * after that, the next opening of the channel finishes it. Errors: EPIJUL, ENOSPC, E_FOLD, after which all is as it was.
 */
export async function foldChannel(
  channel: Channel,
  layout: Pick<ProjectLayout, 'root' | 'pijul' | 'archive' | 'fold'>,
  { author, sealed }: { readonly author: string; readonly sealed: SealedTree },
): Promise<FoldResult | null> {
  const head = await channel.head()
  const before = channel.foldedChanges
  if (!head?.metadata.length || head.n <= before) return null
  await archiveChanges(channel, layout.archive, before, head.n)
  reached('fold-archived')
  try {
    rmSync(layout.fold, { recursive: true, force: true })
    mkdirSync(layout.fold, { mode: 0o700 })
    const { n: changes, hash, state, timeMs } = head
    const message = `${'0'.repeat(16)}\nfold: ${changes} changes`
    const metadata = foldMetadata({ changes, hash, state })
    const like = { message, author, timeMs, metadata, edits: [] }
    const parts = channel.behind
      ? await foldSealed(layout.fold, sealed, like)
      : await channel.foldInto(layout.fold, like)
    await writeFolded(join(layout.fold, '.pijul'), { changes, parts })
    reached('fold-made')
  } catch (error) {
    rmSync(layout.fold, { recursive: true, force: true })
    throw error
  }
  await channel.replace(() => swapFolded(layout))
  return { folded: head.n - before, changes: channel.foldedChanges }
}

/** Appends the changes behind `before` up to `last`, and reads them again. */
async function archiveChanges(channel: Channel, file: string, before: number, last: number): Promise<void> {
  const archive = ChangeArchive.append(file, before)
  try {
    let lot: PijulLogEntry[] = []
    let bytes = 0
    const add = (): void => {
      archive.add(lot)
      lot = []
      bytes = 0
    }
    for (let next = before + 1; next <= last;) {
      const entries = await channel.log(next, Math.min(LOT_CHANGES, last + 1 - next))
      if (entries.length === 0)
        throw new IzeError('E_FOLD', `Change ${next} of ${last} is missing; nothing was folded.`)
      for (const entry of entries) {
        if (bytes + entry.metadata.length > LOT_BYTES) add()
        lot.push(entry)
        bytes += entry.metadata.length
      }
      next += entries.length
      if (lot.length >= LOT_CHANGES) add()
    }
    add()
    archive.sync()
    archive.check()
  } finally {
    archive.close()
  }
}
