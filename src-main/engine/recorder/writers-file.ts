import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'

const writingSchema = z.object({
  ino: z.number().int(),
  /** When its first operation that is not in history was noticed (ms). */
  since: z.number(),
  /** Made since, so history does not know the file. */
  born: z.boolean(),
  operations: z.number().int(),
  /** Last operation on its content. */
  newest: z.number().int(),
  /** A name of it, latin1; null when that one went, and it may have others. */
  path: z.string().nullable(),
  closed: z.boolean(),
})

const fileSchema = z.object({
  version: z.literal(1),
  /** Last operation that the list takes into account. */
  last: z.number().int(),
  files: z.array(writingSchema).readonly(),
})

/** A file whose content changed since its last version. */
export type Writing = z.infer<typeof writingSchema>

/**
 * `dirty/writers`: what working/ has and history lacks, as JSON, so that a file that stays open does not hold the log.
 * Missing when there is nothing of the kind. Replaced by rename, synced before the state says `recorded`.
 */
export class WritersFile {
  private readonly file: string

  constructor(directory: string) {
    this.file = join(directory, 'writers')
  }

  write(last: number, files: readonly Writing[]): void {
    if (files.length === 0) {
      if (!existsSync(this.file)) return
      rmSync(this.file)
    } else {
      const temporary = `${this.file}.new`
      const text = JSON.stringify({ version: 1, last, files } satisfies z.infer<typeof fileSchema>)
      writeFileSync(temporary, text, { mode: 0o600, flush: true })
      renameSync(temporary, this.file)
    }
    const directory = openSync(dirname(this.file), 'r')
    try {
      fsyncSync(directory)
    } finally {
      closeSync(directory)
    }
  }

  /** Errors: E_LOG_STATE_DAMAGED when what stands there is no such list. */
  read(): { readonly last: number; readonly files: readonly Writing[] } {
    if (!existsSync(this.file)) return { last: 0, files: [] }
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.file, 'utf8')))
    } catch (cause) {
      throw new IzeError(
        'E_LOG_STATE_DAMAGED',
        `${this.file} is not what Ize writes there. Run "ize doctor".`,
        { file: this.file },
        { cause },
      )
    }
  }
}
