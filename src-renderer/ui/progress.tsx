import { visible } from './visible.ts'
import './progress.css'

interface ProgressProps {
  /** What goes on, read aloud. */
  readonly label: string
  readonly done: number
  /** Null: not known. */
  readonly total: number | null
}

export function Progress({ label, done, total }: ProgressProps) {
  const part = total === null ? null : total === 0 ? 1 : Math.min(1, done / total)
  return (
    <div
      className={part === null ? 'progress unknown' : 'progress'}
      role="progressbar"
      aria-label={visible(label)}
      {...(part === null ? {} : { 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.floor(part * 100) })}
    >
      <span style={part === null ? undefined : { width: `${part * 100}%` }} />
    </div>
  )
}
