import { changeMetadataSchema, type ChangeMetadata } from '../history/change-metadata.ts'
import type { HistoryIndex } from '../history/history-index.ts'
import { BEHIND } from '../retention/behind.ts'
import type { Channel, ChannelLog } from '../retention/channel.ts'
import type { PijulChange, PijulRecorded } from '../sys/native.ts'

const LOT = 1000

/** The changes that end with the operation named or a later one, oldest first. */
export async function recordedFrom(
  operation: number,
  index: HistoryIndex,
  channel: Pick<ChannelLog, 'log'>,
): Promise<ChangeMetadata[]> {
  const found: ChangeMetadata[] = []
  for (let from = index.firstAfter(operation - 1); from !== null && from < index.next;) {
    const changes = await channel.log(from, LOT)
    if (changes.length === 0) break
    found.push(...changes.map(metadataOf))
    from += changes.length
  }
  return found
}

export function metadataOf({ metadata }: { readonly metadata: Buffer }): ChangeMetadata {
  return changeMetadataSchema.parse(JSON.parse(metadata.toString('utf8')))
}

/**
 * What Pijul refuses must not stop history: the change is recorded without edits then, so that objects and metadata
 * have all of it. The difference is told, and noted before, so that the next folding makes Pijul's tree of the sealed one.
 */
export async function recordChange(
  change: PijulChange,
  channel: Pick<Channel, 'record' | 'fallBehind'>,
  notice: (message: string) => void,
): Promise<PijulRecorded> {
  const record = async (one: PijulChange): Promise<PijulRecorded> => {
    const [made] = await channel.record([one])
    return made ?? { hash: null, state: '' }
  }
  try {
    return await record(change)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIJUL')) throw error
    await channel.fallBehind()
    notice(`${BEHIND}, until upkeep makes it anew: ${error.message}`)
    return record({ ...change, edits: [] })
  }
}
