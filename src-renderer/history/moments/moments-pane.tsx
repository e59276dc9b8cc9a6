import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { Moment } from '../../state/projects.ts'
import { useSettings } from '../../state/settings.ts'
import { ActionMark } from '../../ui/action-mark.tsx'
import { Button } from '../../ui/button.tsx'
import { number, size } from '../../ui/count.ts'
import { Failure, Skeleton } from '../../ui/notice.tsx'
import { clockTime, dayName } from '../../ui/time.ts'
import { visible } from '../../ui/visible.ts'
import { type RowShape, type RowState, VirtualList } from '../virtual-list.tsx'
import { freshWords } from './collect.ts'
import { MomentRow } from './moment-row.tsx'
import { type ClosedRows, closedRows, indexOfKey, indexOfMoment, isMoment, type Row, withOperations } from './rows.ts'
import type { LoadedMoments } from './use-moments.ts'
import { useOperations } from './use-operations.ts'
import { heardWords } from './words.ts'

interface MomentsPaneProps {
  readonly project: string
  readonly loaded: LoadedMoments
  /** The chosen one, by its first change. */
  readonly chosen: number | null
  /** `settle`: the choice is made by keys that go on, so that it is no step to go back to. */
  readonly onChoose: (moment: Moment, how: { readonly settle: boolean }) => void
  readonly onOperation: (moment: Moment, path: string, hash: string) => void
  readonly onUndo: (moment: Moment) => void
  /** Enter, or to the right: on to the files. */
  readonly onEnter: () => void
  readonly list: RefObject<HTMLDivElement | null>
  /** Said instead of an empty list. */
  readonly empty: React.ReactNode
}

const heights = {
  comfortable: { day: 34, moment: 51, operation: 28, operations: 28 },
  compact: { day: 28, moment: 42, operation: 24, operations: 24 },
} as const

/** Keys that go on choose only where they stop. */
const SETTLE_MS = 110

export function MomentsPane(props: MomentsPaneProps) {
  const { project, loaded, chosen, onChoose, onOperation, onUndo, onEnter, list, empty } = props
  const { moments, state, error, loadMore, again, showFresh, refresh } = loaded
  const { open, toggle } = useOperations(project)
  const settings = useSettings((store) => store.settings)
  const letters = settings?.letterShortcuts ?? true
  const height = heights[settings?.density ?? 'comfortable']
  const [naming, setNaming] = useState<number | null>(null)
  const [activeRow, setActiveRow] = useState<{ readonly first: number; readonly key: string } | null>(null)
  const closed = useRef<ClosedRows | null>(null)
  const rows = useMemo(() => {
    closed.current = closedRows(moments.shown, closed.current)
    return withOperations(closed.current.rows, open)
  }, [moments.shown, open])
  const active = activeRow
    ? indexOfKey(rows, activeRow.first, activeRow.key)
    : chosen === null
      ? -1
      : indexOfMoment(rows, chosen)
  const total = moments.next === null ? moments.shown.length : -1

  const shape = useCallback(
    (index: number): RowShape => {
      const { key, kind } = rows[index]!
      return { key, height: height[kind], heading: kind === 'day' }
    },
    [rows, height],
  )
  const rowState = useCallback(
    (index: number): RowState => {
      const at = rows[index]!
      if (at.kind === 'day') return {}
      if (at.kind !== 'moment') return { level: 2 }
      return {
        level: 1,
        position: at.position,
        size: total,
        expanded: open.has(at.moment.first),
        selected: at.moment.first === chosen,
        label: visible(heardWords(at.moment, clockTime(at.moment.time)).slice(0, 500)),
      }
    },
    [rows, total, open, chosen],
  )

  const settling = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(settling.current), [])
  const choose = (index: number, settle: boolean): void => {
    clearTimeout(settling.current)
    const at = rows[index]
    if (isMoment(at)) onChoose(at.moment, { settle })
    else if (at?.kind === 'operation') onOperation(at.moment, at.entry.path, at.entry.hash)
  }
  const onActive = (index: number, by: 'key' | 'pointer'): void => {
    const at = rows[index]
    setActiveRow(at ? { first: at.moment.first, key: at.key } : null)
    clearTimeout(settling.current)
    if (by === 'key') settling.current = setTimeout(() => choose(index, true), SETTLE_MS)
  }
  const chooseOrEnter = (index: number, by: 'key' | 'pointer'): void => {
    const at = rows[index]
    choose(index, false)
    if (by === 'key' && isMoment(at)) onEnter()
  }
  const onKey = (event: KeyboardEvent, index: number): boolean => {
    const moment = momentOf(rows[index])
    if (!moment || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const isOpen = open.has(moment.first)
      if (event.key === 'ArrowRight' && isOpen) onEnter()
      else toggle(moment, event.key === 'ArrowRight')
      setActiveRow({ first: moment.first, key: `m${moment.first}` })
      return true
    }
    if (!letters || event.shiftKey) return false
    if (event.key === 'n') setNaming(moment.first)
    else if (event.key === 'u') onUndo(moment)
    else return false
    return true
  }
  const backToList = useCallback(() => {
    setNaming(null)
    list.current?.focus({ preventScroll: true })
  }, [list])
  const onName = useCallback((moment: Moment | null) => (moment ? setNaming(moment.first) : backToList()), [backToList])
  const onNamed = useCallback(
    (moment: Moment) => {
      backToList()
      void refresh(moment)
    },
    [backToList, refresh],
  )
  const onToggle = useCallback((moment: Moment) => toggle(moment), [toggle])

  const fresh = moments.fresh.length > 0 && (
    <button
      type="button"
      className="fresh"
      onClick={() => {
        showFresh()
        list.current?.scrollTo({ top: 0 })
      }}
    >
      {freshWords(moments)}
    </button>
  )
  if (moments.shown.length === 0) {
    if (state === 'failed' && error) return <Failure error={error} onAgain={again} />
    return state === 'loading' ? <Skeleton rows={9} /> : <>{empty}</>
  }
  return (
    <>
      <div className="fresh-place" aria-live="polite">
        {fresh}
      </div>
      <VirtualList
        label="Moments"
        roles="treegrid"
        element={list}
        home
        className="moments-list"
        count={rows.length}
        shape={shape}
        state={rowState}
        active={active}
        onActive={onActive}
        onChoose={chooseOrEnter}
        onKey={onKey}
        onEnd={state === 'ready' ? loadMore : undefined}
        render={(index, isActive) => {
          const at = rows[index]!
          switch (at.kind) {
            case 'day':
              return <h2 className="day">{dayName(at.moment.time)}</h2>
            case 'moment':
              return (
                <MomentRow
                  project={project}
                  moment={at.moment}
                  open={open.has(at.moment.first)}
                  active={isActive}
                  naming={naming === at.moment.first}
                  onToggle={onToggle}
                  onName={onName}
                  onNamed={onNamed}
                  onUndo={onUndo}
                />
              )
            case 'operation':
              return <OperationRow row={at} />
            case 'operations':
              return <p className="operations-state">{operationsWords(at)}</p>
          }
        }}
      />
      {state === 'failed' && error && (
        <div className="list-failure" role="alert">
          {error.message} <Button onClick={loadMore}>Try again</Button>
        </div>
      )}
    </>
  )
}

function OperationRow({ row: { entry } }: { readonly row: Extract<Row, { kind: 'operation' }> }) {
  return (
    <div className="operation">
      <ActionMark action={entry.action} />
      <span className="clip">{visible(entry.path)}</span>
      <small>{entry.size === null ? '' : size(entry.size)}</small>
    </div>
  )
}

function operationsWords({ state, moment }: Extract<Row, { kind: 'operations' }>): string {
  if (state === 'loading') return 'Loading…'
  if (state === 'failed') return 'Its operations could not be read.'
  return `The newest of ${number(moment.count)} paths; the files of this moment tell them all.`
}

const momentOf = (row: Row | undefined): Moment | null => (row && row.kind !== 'day' ? row.moment : null)
