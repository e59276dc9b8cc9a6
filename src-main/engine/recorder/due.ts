import type { LogProgress } from '../project/progress.ts'
import type { RecorderSettings } from '../project/worker-messages.ts'
import type { Recorder } from './recorder.ts'

/** A batch is taken at once when this much waits. */
const EAGER_BYTES = 24 * 1024 * 1024
const EAGER_OPERATIONS = 6000
/** What an earlier run left waits for so long: most starts are followed by a mount, which goes first. */
const START_MS = 2000
/** A pause ends where the log would soon be full: programs never wait for room because of it. */
const PAUSED_PART = 1 / 2

/** When, in milliseconds, what waits was noticed and last changed, and the recorder began. */
export interface Waiting {
  readonly flushing: boolean
  readonly paused: boolean
  readonly volumeRuns: boolean
  readonly started: number
  readonly since: number
  readonly lastChange: number
}

/** Whether a batch is to be taken now: what is asked for at once, the rest once it is quiet, or has waited, or is much. */
export function isDue(
  now: number,
  log: LogProgress,
  recorder: Pick<Recorder, 'position' | 'taken' | 'writers'>,
  settings: RecorderSettings,
  { flushing, paused, volumeRuns, started, since, lastChange }: Waiting,
): boolean {
  const waits = log.end > recorder.position
  if (flushing) return waits || recorder.writers.size > 0
  if (paused) return waits && fills(log, settings, PAUSED_PART)
  if (now - started < START_MS && !volumeRuns) return false
  if (!waits) return recorder.writers.isDue(now - settings.openWriterSeconds * 1000)
  return (
    now - lastChange >= settings.quietMs ||
    now - since >= settings.maxWaitMs ||
    log.end - recorder.position >= Math.min(EAGER_BYTES, settings.limitBytes / 4) ||
    log.appended - recorder.taken >= Math.min(EAGER_OPERATIONS, settings.limitOperations / 4)
  )
}

/** Whether the log holds more than a part of what it may. */
export function fills(
  { bytes, operations }: LogProgress,
  { limitBytes, limitOperations }: Pick<RecorderSettings, 'limitBytes' | 'limitOperations'>,
  part: number,
): boolean {
  return bytes > limitBytes * part || operations > limitOperations * part
}
