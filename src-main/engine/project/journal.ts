import { mkdir, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { adoptStep } from './adopt-steps.ts'
import { durableWrite, syncDirectory } from '../sys/durable-write.ts'

/** Of a folder's own name beside another on the same disk: its inode says which it is, also after the machine ended. */
const inode = z.number()

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
    verified: inode.nullable(),
  }),
  z.object({
    kind: z.literal('in-place'),
    uuid: z.uuid(),
    /** Where the project is to be mounted: the place of what was imported. */
    folder: z.string(),
    /** Where the original is kept. */
    before: z.string(),
    original: inode,
    /** When the import began (ms since 1970). */
    began: z.number(),
    /** What was changed in the original since it was imported; null: it was not looked for yet. */
    steps: z.array(adoptStep).nullable(),
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
