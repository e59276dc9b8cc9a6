import type { Progress } from './progress.ts'
import type { SessionStatus } from './session.ts'

/** What the shared counts of the mount thread and the recorder say. Limits: of the log, in bytes and operations. */
export function measuredStatus(
  progress: Progress,
  limitBytes: number,
  limitOperations: number,
): Pick<SessionStatus, 'pending' | 'savedUpTo' | 'counted' | 'log'> {
  const log = progress.log()
  const recorder = progress.recorder()
  const operations = Math.max(0, log.appended - recorder.taken) + recorder.heldBack
  const waits = operations > 0
  return {
    pending: {
      operations,
      bytes: waits ? Math.max(0, log.end - recorder.takenTo) : 0,
      age: waits && recorder.oldest > 0 ? Math.max(0, Date.now() - recorder.oldest) : 0,
    },
    savedUpTo: log.newestSec === 0 ? null : { sec: log.newestSec, nsec: log.newestNsec },
    counted: { saved: log.appended, recorded: recorder.taken - recorder.heldBack },
    log: {
      bytes: log.bytes,
      limitBytes,
      operations: log.appended - recorder.taken,
      limitOperations,
      parked: progress.parked(),
    },
  }
}
