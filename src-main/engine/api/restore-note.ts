import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from '../project/layout.ts'
import { durableWrite } from '../sys/durable-write.ts'

/**
 * `meta/restore.json`: which change was the newest one when the last restore began. A restore may become several
 * changes, and this says where they begin. Without it, a restore through the mount is known by its process.
 */
const note = z.object({ format: z.literal(1), after: z.string().nullable() })

/** The hash of that change; null: not known. */
export async function readRestoreNote(root: string): Promise<string | null> {
  try {
    return note.parse(JSON.parse(await readFile(fileOf(root), 'utf8'))).after
  } catch {
    return null
  }
}

/** Errors: E_SPACE. */
export async function writeRestoreNote(root: string, after: string | null): Promise<void> {
  const text: z.infer<typeof note> = { format: 1, after }
  await durableWrite(fileOf(root), `${JSON.stringify(text)}\n`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error
    throw new IzeError('E_SPACE', 'The disk is full, and nothing was put back. Make room, then try again.')
  })
}

function fileOf(root: string): string {
  return join(projectLayout(root).meta, 'restore.json')
}
