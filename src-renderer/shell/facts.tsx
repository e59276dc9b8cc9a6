import { Play } from 'lucide-react'
import { resumeProject } from '../projects/project-actions.ts'
import type { LiveStatus } from '../state/projects.ts'
import { clockOrDay, clockTime, nearTime, wholeTime } from '../ui/time.ts'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/use-now.ts'
import { visible } from '../ui/visible.ts'
import { isPaused, waitingText } from './project-state.ts'

interface FactsProps {
  readonly project: string
  /** Null: not known yet, which is not the same as nothing. */
  readonly status: LiveStatus | null
}

/** What is saved and what is in history: two facts, never blurred. */
export function Facts({ project, status }: FactsProps) {
  const now = useNow()
  if (!status) {
    return (
      <div className="facts" aria-label={`State of ${visible(project)}`} role="group">
        <span>Looking…</span>
      </div>
    )
  }
  const { savedUpTo, inHistoryUpTo } = status
  const paused = isPaused(status, now)
  return (
    <div className="facts" aria-label={`State of ${visible(project)}`} role="group">
      <span title={savedUpTo === null ? undefined : wholeTime(savedUpTo)}>
        {savedUpTo === null ? 'Nothing was saved yet' : <SavedFact time={savedUpTo} now={now} />}
      </span>
      <span title={inHistoryUpTo === null ? undefined : wholeTime(inHistoryUpTo)}>
        {inHistoryUpTo === null ? (
          'Nothing is in history yet'
        ) : (
          <>
            In history up to <b>{clockOrDay(inHistoryUpTo, now)}</b>
          </>
        )}
      </span>
      <span>{waitingText(status, paused)}</span>
      {paused && (
        <span className="facts-paused">
          Paused until {clockTime(status.pausedUntil ?? '')}
          <Button look="quiet" icon={<Play size={13} />} onClick={() => void resumeProject(project)}>
            Resume
          </Button>
        </span>
      )}
    </div>
  )
}

function SavedFact({ time, now }: { readonly time: string; readonly now: number }) {
  return (
    <>
      <b>Saved</b> {nearTime(time, now)}
    </>
  )
}
