import type { LiveStatus } from '../state/projects.ts'
import { counted } from '../ui/count.ts'

/** How long, in words; `ms` in milliseconds. */
export function ageText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 1) return 'less than a second'
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
}

export function searchText({ on, behind }: NonNullable<LiveStatus['search']>): string {
  if (!on) return 'off, as the settings say'
  return behind === 0 ? 'all that is in history' : `the newest ${counted(behind, 'change')} cannot be found yet`
}

/** `pausedUntil`: the clock, while it is paused. */
export function recorderText(recorder: LiveStatus['recorder'], pausedUntil: string | null): string {
  if (pausedUntil !== null) return `paused until ${pausedUntil}; saving goes on`
  switch (recorder) {
    case 'idle':
      return 'idle: nothing to do'
    case 'recording':
      return 'recording'
    case 'waiting':
      return 'waits for a moment of quiet, or for a program to close its file'
    case 'stopped':
      return 'stopped; saving goes on'
  }
}
