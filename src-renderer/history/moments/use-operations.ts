import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../../bridge/call.ts'
import type { Moment } from '../../state/projects.ts'
import type { Operation, Operations } from './rows.ts'

const LIMIT = 200

export interface OpenMoments {
  /** By the first change of the moment. */
  readonly open: ReadonlyMap<number, Operations>
  readonly toggle: (moment: Moment, to?: boolean) => void
}

/** What moments that are open consist of: their operations, the newest first. */
export function useOperations(project: string): OpenMoments {
  const [open, setOpen] = useState<ReadonlyMap<number, Operations>>(new Map())
  const shown = useRef(open)
  useEffect(() => {
    shown.current = open
  }, [open])
  const toggle = useCallback(
    (moment: Moment, to?: boolean) => {
      const isOpen = shown.current.has(moment.first)
      if (to === isOpen) return
      const set = (value: Operations | null): void =>
        setOpen((now) => {
          const copy = new Map(now)
          if (value) copy.set(moment.first, value)
          else copy.delete(moment.first)
          return copy
        })
      if (isOpen) return set(null)
      set({ state: 'loading', entries: [], more: false })
      operationsOf(project, moment).then(
        (found) => set({ state: 'ready', ...found }),
        () => set({ state: 'failed', entries: [], more: false }),
      )
    },
    [project],
  )
  return { open, toggle }
}

/** The newest of them: times narrow it down, and changes at the same times that are not the moment's are left out. */
async function operationsOf(
  project: string,
  { first, last, from, time }: Moment,
): Promise<{ entries: readonly Operation[]; more: boolean }> {
  const [since, until] = from <= time ? [from, time] : [time, from]
  const { entries, next } = await call('history.entries', { project, filter: { since, until }, limit: LIMIT })
  const own = entries.filter(({ change }) => change >= first && change <= last)
  return { entries: own, more: next !== null && (entries.at(-1)?.change ?? 0) >= first }
}
