import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { IzeError } from '../ize-error.ts'
import { syncDirectory } from '../oplog/damaged-store.ts'
import { decodeHeader, SEGMENT_HEADER, segmentNames } from '../oplog/segment.ts'
import type { Progress } from '../project/progress.ts'
import type { RecorderToVolume } from '../project/worker-messages.ts'
import type { Recorder } from './recorder.ts'

const PATIENCE_MS = 20_000
const LOOK_MS = 20

export interface LogRelease {
  readonly recorder: Pick<Recorder, 'turn' | 'trim' | 'position'>
  readonly progress: Pick<Progress, 'log' | 'publishLog'>
  readonly dirty: string
  readonly tellVolume: (message: RecorderToVolume) => void
  /** False: nobody appends to the log, and none will before this is over. */
  readonly volumeRuns: () => boolean
}

/**
 * Brings everything that was logged before the call into history and removes its segments, also the one that is being
 * written: it is closed first, and what comes meanwhile goes into the next. For the recorder's thread, between two batches.
 * Errors: E_FORGET when the mount does not let go of them in time; those of recording.
 */
export async function releaseLog(of: LogRelease): Promise<void> {
  const { recorder, progress, dirty, tellVolume, volumeRuns } = of
  const { end: before } = progress.log()
  tellVolume({ type: 'rotate' })
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    await sleep(LOOK_MS)
    // Up to the segment that was begun since, and no further: programs may go on writing for ever.
    const begun = segments(dirty).find(({ start }) => start >= before)
    const end = begun?.start ?? progress.log().end
    while ((await recorder.turn(end, true)) && recorder.position < end) continue
    recorder.trim()
    tellVolume({ type: 'trim', position: recorder.position })
    if (!volumeRuns()) removeTaken(of)
    if (segments(dirty).every(({ start }) => start >= before)) return
  }
  throw new IzeError('E_FORGET', 'The operation log is still needed, so nothing was forgotten; try again in a moment.')
}

/** As the mount thread does it: oldest first, so that a crash in between leaves a log without a hole. */
function removeTaken({ recorder, progress, dirty }: LogRelease): void {
  let removed = 0
  for (const { name, end } of segments(dirty)) {
    if (end > recorder.position) break
    rmSync(join(dirty, name))
    removed++
  }
  if (removed === 0) return
  syncDirectory(dirty)
  const log = progress.log()
  const bytes = segments(dirty).reduce((sum, { start, end }) => sum + end - start, 0)
  progress.publishLog({ ...log, bytes, operations: bytes === 0 ? 0 : log.operations })
}

/** Global positions of each segment, oldest first; one that goes meanwhile is left out. */
function segments(dirty: string): { name: string; start: number; end: number }[] {
  return segmentNames(dirty).flatMap((name) => {
    const file = join(dirty, name)
    const facts = statSync(file, { throwIfNoEntry: false })
    const start = facts ? startOf(file) : null
    return facts && start !== null ? [{ name, start, end: start + facts.size }] : []
  })
}

function startOf(file: string): number | null {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    const bytes = Buffer.alloc(SEGMENT_HEADER)
    readSync(fd, bytes, 0, SEGMENT_HEADER, 0)
    return decodeHeader(bytes)?.startPosition ?? null
  } finally {
    closeSync(fd)
  }
}
