import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { durableWrite } from '../sys/durable-write.ts'
import type { PijulRepository } from '../sys/native.ts'

/** What the changes that a folding made say in their metadata; all of them say the same. */
const foldMetadataSchema = z.object({
  version: z.literal(1),
  kind: z.literal('fold'),
  /** How many changes of the channel are in the archive instead. */
  changes: z.number().int().positive(),
  /** The newest of them, and Pijul's state after it. */
  hash: z.string(),
  state: z.string(),
})
export type FoldMetadata = z.infer<typeof foldMetadataSchema>

const markSchema = z.object({
  version: z.literal(1),
  changes: z.number().int().nonnegative(),
  /** Changes at the beginning of the repository that hold the tree as it was then. */
  parts: z.number().int().nonnegative(),
})
/** How far a repository was folded. */
export type Folded = Pick<z.infer<typeof markSchema>, 'changes' | 'parts'>

const NOTHING: Folded = { changes: 0, parts: 0 }

export function foldMetadata(folded: Pick<FoldMetadata, 'changes' | 'hash' | 'state'>): Buffer {
  return Buffer.from(JSON.stringify({ version: 1, kind: 'fold', ...folded } satisfies FoldMetadata))
}

/** `.pijul/folded`: the same at a glance. It moves with the repository. */
export async function writeFolded(pijul: string, { changes, parts }: Folded): Promise<void> {
  await durableWrite(markOf(pijul), JSON.stringify({ version: 1, changes, parts } satisfies z.infer<typeof markSchema>))
}

/**
 * How far the repository was folded: by its mark, or, where there is none but an archive (a clone took the place of the
 * repository, or the first folding did not come to its end), by what its first changes say of themselves.
 */
export async function readFolded(
  { pijul, archive }: { readonly pijul: string; readonly archive: string },
  repository: Pick<PijulRepository, 'log'>,
): Promise<Folded> {
  const mark = markOf(pijul)
  if (existsSync(mark)) {
    const parsed = markSchema.safeParse(jsonOf(readFileSync(mark, 'utf8')))
    if (parsed.success) return parsed.data
  }
  if (!existsSync(archive)) return NOTHING
  let folded = NOTHING
  for (let n = 1; ; n++) {
    const [change] = await repository.log(n, 1)
    const said = change && foldMetadataSchema.safeParse(jsonOf(change.metadata.toString('utf8')))
    if (!said?.success) return folded
    folded = { changes: said.data.changes, parts: n }
  }
}

const markOf = (pijul: string): string => join(pijul, 'folded')

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
