import type { ProjectLayout } from '../project/layout.ts'
import { PIJUL_CHANNEL } from '../recorder/pijul-names.ts'
import { type PijulChange, type PijulLogEntry, type PijulRecorded, PijulRepository } from '../sys/native.ts'
import { isBehind, noteBehind } from './behind.ts'
import { ChangeArchive } from './change-archive.ts'
import { recoverFold } from './fold-swap.ts'
import { type Folded, readFolded } from './folded.ts'

type Places = Pick<ProjectLayout, 'root' | 'pijul' | 'archive' | 'fold'>

/** The part of a channel that readers of history need; places count from 1. */
export type ChannelLog = Pick<Channel, 'log' | 'head'>

/**
 * All changes of a project, by their place: those that were folded, out of the archive, then those of Pijul. So the
 * number of a change stays the same however often Pijul's part was made shorter. What it returns is never a change that
 * a folding made. One owner at a time, as of a Pijul repository.
 */
export class Channel {
  /** Settled when the repository is there; only a folding takes it away. */
  private there: Promise<void> = Promise.resolve()

  private constructor(
    private readonly places: Places,
    private pijul: PijulRepository,
    private folded: Folded,
    private archive: ChangeArchive | null,
  ) {}

  /**
   * Finishes or undoes a folding that was interrupted, then opens or makes the repository. Errors: EPIJUL_OPEN, E_FOLD,
   * E_ARCHIVE_DAMAGED.
   */
  static async open(places: Places): Promise<Channel> {
    recoverFold(places)
    const opened = await openParts(places)
    return new Channel(places, opened.pijul, opened.folded, opened.archive)
  }

  /** How many changes are in the archive. */
  get foldedChanges(): number {
    return this.folded.changes
  }

  /** From a place on, oldest first, at most `limit`; fewer may come although there are more, none only at the end. */
  async log(from: number, limit: number): Promise<PijulLogEntry[]> {
    await this.there
    const { folded, archive } = this
    if (folded.changes === 0 || !archive) return this.pijul.log(from, limit)
    if (from <= folded.changes) return archive.from(Math.max(1, from)).slice(0, limit)
    const shift = folded.changes - folded.parts
    return (await this.pijul.log(from - shift, limit)).map((entry) => ({ ...entry, n: entry.n + shift }))
  }

  /** The newest change; null: there is none, or only the root that Pijul makes itself. */
  async head(): Promise<PijulLogEntry | null> {
    await this.there
    const { folded, archive } = this
    const head = await this.pijul.head()
    if (!head || !archive || folded.changes === 0) return head
    if (head.n > folded.parts) return { ...head, n: head.n + folded.changes - folded.parts }
    return archive.from(folded.changes)[0] ?? null
  }

  /** Pijul refused a change since the last folding. */
  get behind(): boolean {
    return isBehind(this.places.pijul)
  }

  /** Notes that Pijul is about to lack a change. On the disk when it returns. */
  async fallBehind(): Promise<void> {
    await this.there
    await noteBehind(this.places.pijul)
  }

  async record(changes: PijulChange[]): Promise<PijulRecorded[]> {
    await this.there
    return this.pijul.record(changes)
  }

  /** As of a PijulRepository. */
  async tracked(): Promise<string[]> {
    await this.there
    return this.pijul.tracked()
  }

  async read(path: string): Promise<Buffer> {
    await this.there
    return this.pijul.read(path)
  }

  /** As of a PijulRepository: the tree as it is now into a new repository at `root`. */
  async foldInto(root: string, like: PijulChange): Promise<number> {
    await this.there
    return this.pijul.foldInto(root, like)
  }

  /** Reads the whole archive. Errors: E_ARCHIVE_DAMAGED. */
  checkArchive(): void {
    this.archive?.check()
  }

  /**
   * Closes the repository, lets `swap` put another in its place, and opens what is there then, whether or not it went
   * well. Who asks meanwhile waits.
   */
  async replace(swap: () => Promise<void>): Promise<void> {
    await this.there
    const work = this.swapped(swap)
    this.there = work.catch(() => undefined)
    await work
  }

  async close(): Promise<void> {
    await this.there
    this.archive?.close()
    await this.pijul.close()
  }

  private async swapped(swap: () => Promise<void>): Promise<void> {
    await this.pijul.close()
    try {
      await swap()
    } finally {
      recoverFold(this.places)
      const { pijul, folded, archive } = await openParts(this.places)
      this.archive?.close()
      Object.assign(this, { pijul, folded, archive })
    }
  }
}

async function openParts(
  places: Places,
): Promise<{ pijul: PijulRepository; folded: Folded; archive: ChangeArchive | null }> {
  const pijul = await PijulRepository.open(places.root, PIJUL_CHANNEL)
  try {
    const folded = await readFolded(places, pijul)
    const archive = folded.changes > 0 ? ChangeArchive.read(places.archive, folded.changes) : null
    return { pijul, folded, archive }
  } catch (error) {
    await pijul.close()
    throw error
  }
}
