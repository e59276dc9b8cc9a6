import type { LiveStatus, Project } from '../state/projects.ts'
import { counted, number } from '../ui/count.ts'
import { clockTime, instantOf } from '../ui/time.ts'

/** How a project is: what its dot shows and the words beside it. */
export interface ProjectState {
  readonly kind: 'well' | 'busy' | 'paused' | 'unmounted' | 'problem'
  /** Null: it is well, and where it is mounted says enough. */
  readonly text: string | null
}

/** What waits for so short, and is so little, is the ordinary course. */
const CALM_MS = 3000
const CALM_OPERATIONS = 50

export function projectState(project: Project, status: LiveStatus | null, now: number): ProjectState {
  const problem = status?.problem ?? project.problem
  if (problem !== null) return { kind: 'problem', text: problem }
  if (status && isPaused(status, now)) {
    return { kind: 'paused', text: `paused until ${clockTime(status.pausedUntil ?? '')}` }
  }
  if (status?.recorder === 'stopped') return { kind: 'problem', text: 'history stands still' }
  const waits = status?.pending.operations ?? 0
  if (status && waits > 0 && (waits > CALM_OPERATIONS || status.pending.age > CALM_MS) && status.recorder !== 'idle') {
    return { kind: 'busy', text: `catching up, ${number(waits)} left` }
  }
  return project.mounted ? { kind: 'well', text: null } : { kind: 'unmounted', text: 'not mounted' }
}

export function isPaused({ pausedUntil }: LiveStatus, now: number): boolean {
  return pausedUntil !== null && instantOf(pausedUntil) > now
}

/** What waits, in words; what waits is saved all the same. */
export function waitingText({ pending, rate }: LiveStatus, paused: boolean): string {
  if (pending.operations === 0) return 'Nothing waits'
  const waits = `${counted(pending.operations, 'change')} ${pending.operations === 1 ? 'follows' : 'follow'}`
  if (paused || rate.recorded <= rate.saved) return waits
  const seconds = Math.ceil(pending.operations / (rate.recorded - rate.saved))
  return seconds > 3600 ? waits : `${waits}, ${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`
}
