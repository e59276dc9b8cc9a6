import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { durableWrite, syncDirectory } from '../sys/durable-write.ts'

const folderIdentity = z.object({ device: z.number(), inode: z.number() })

/** What is under way with a project and a folder outside the central directory (docs/state-directory.md has the steps). */
const undertaking = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stop-remembering'),
    uuid: z.uuid(),
    /** Where the plain folder is to be: the mount point. */
    folder: z.string(),
    /** Where it is written. */
    partial: z.string(),
    /** It was mounted when this began. */
    mounted: z.boolean(),
    /** The folder that was written and compared; null: that is not done yet. */
    verified: folderIdentity.nullable(),
  }),
])

export type Undertaking = z.infer<typeof undertaking>

/**
 * What must be finished or undone by the next engine, were this one to end in the middle: one file for each project,
 * `journal/{uuid}.json`, replaced whole and synced before the step that it speaks of.
 */
export class Journal {
  private readonly folder: string

  constructor(centralDirectory: string) {
    this.folder = join(centralDirectory, 'journal')
  }

  async write(what: Undertaking): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    await durableWrite(this.file(what.uuid), `${JSON.stringify(what, null, 2)}\n`)
  }

  async remove(uuid: string): Promise<void> {
    await unlink(this.file(uuid))
    await syncDirectory(this.folder)
  }

  /** What an engine that ended has left. A file that cannot be read is left alone, and named with the reason. */
  async list(): Promise<{ readonly found: readonly Undertaking[]; readonly unreadable: readonly string[] }> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => /^[^.].*\.json$/.test(name))
    const found: Undertaking[] = []
    const unreadable: string[] = []
    for (const name of names) {
      try {
        found.push(undertaking.parse(JSON.parse(await readFile(join(this.folder, name), 'utf8'))))
      } catch (error) {
        unreadable.push(`${join(this.folder, name)}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    return { found, unreadable }
  }

  private file(uuid: string): string {
    return join(this.folder, `${uuid}.json`)
  }
}
