import type { Result } from '../../src-preload/contract.ts'
import { nearTime } from '../ui/time.ts'
import { neighbours } from './sides.ts'

export type Entry = Result<'history.entries'>['entries'][number]

/** What stands above a side: "13:44, before vim"; "Now". */
export function sideLabel(entry: Entry | null, versions: readonly Entry[], isNow: boolean, isEarlier: boolean): string {
  if (isNow) return 'Now'
  if (!entry) return isEarlier ? 'Before' : 'After'
  const time = nearTime(entry.time)
  if (!isEarlier) return entry.program === null ? time : `${time}, after ${entry.program}`
  const { newer } = neighbours(versions, entry.version)
  return newer?.program ? `${time}, before ${newer.program}` : time
}

/** Below the name: "version 41 · 13:44 → now". */
export function headline(from: Entry | null, to: Entry | null, compared: boolean, isNow: boolean): string {
  const shown = compared ? from : to
  const version = shown ? `version ${shown.version} · ` : ''
  const end = isNow ? 'now' : to ? nearTime(to.time) : 'then'
  if (!compared) return `${version}${end}`
  return `${version}${from ? nearTime(from.time) : 'before'} → ${end}`
}
