import { IzeError } from '../ize-error.ts'
import type { ChannelLog } from '../retention/channel.ts'
import type { PijulLogEntry } from '../sys/native.ts'
import { changeMetadataSchema } from './change-metadata.ts'
import { HistoryIndex, type RecordedChange } from './history-index.ts'
import { rebuildIndex } from './rebuild-index.ts'

/** Changes read from the channel at a time. */
const LOT = 200
/** Place 0 of the log has the root of the channel, which is Pijul's own. */
const FIRST = 1

type Channel = Pick<ChannelLog, 'log'>

/**
 * Opens the index for writing, with every change of the channel in it. Changes it lacks (a crash came between the
 * commit and the index) are added; an index that is damaged, of another version, or that knows changes which the channel
 * has not (a power failure took the commit) is made anew. Nobody else may have it open for writing.
 */
export async function openCurrentIndex(file: string, channel: Channel): Promise<HistoryIndex> {
  const index = await openSound(file, channel)
  try {
    await appendMissing(index, channel)
    return index
  } catch (error) {
    index.close()
    throw error
  }
}

/** Takes in the changes of the channel that are newer than the index's newest. */
export async function appendMissing(index: HistoryIndex, channel: Channel): Promise<void> {
  for await (const lot of lots(channel, index.next)) index.append(lot)
}

async function openSound(file: string, channel: Channel): Promise<HistoryIndex> {
  let index: HistoryIndex | null = null
  try {
    index = HistoryIndex.open(file)
    const last = index.last()
    if (!last) return index
    const [change] = await channel.log(last.sequence, 1)
    if (change?.hash === last.hash) return index
  } catch (error) {
    if (!(error instanceof IzeError)) {
      index?.close()
      throw error
    }
  }
  index?.close()
  await rebuildIndex(file, changesOf(channel))
  return HistoryIndex.open(file)
}

/** All changes of a channel from a place on, oldest first, as the index takes them. */
export async function* changesOf(channel: Channel, from = FIRST): AsyncGenerator<RecordedChange> {
  for await (const lot of lots(channel, from)) yield* lot
}

async function* lots(channel: Channel, start: number): AsyncGenerator<RecordedChange[]> {
  for (let from = start; ;) {
    const entries = await channel.log(from, LOT)
    const last = entries.at(-1)
    if (!last) return
    yield entries.map(recordedChange)
    from = last.n + 1
  }
}

function recordedChange({ n, hash, state, metadata }: PijulLogEntry): RecordedChange {
  const parsed = changeMetadataSchema.safeParse(jsonOf(metadata))
  if (parsed.success) return { n, hash, state, metadata: parsed.data }
  throw new IzeError('E_CHANGE_FOREIGN', `Change ${hash} was not made by Ize: its metadata cannot be read.`, { hash })
}

function jsonOf(metadata: Buffer): unknown {
  try {
    return JSON.parse(metadata.toString('utf8'))
  } catch {
    return null
  }
}
