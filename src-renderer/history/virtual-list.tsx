import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react'
import { moveTo } from './list-move.ts'

/** What the list has to know of every row, in sight or not. */
export interface RowShape {
  readonly key: string
  readonly height: number
  /** A heading is read and cannot be gone to. */
  readonly heading?: boolean
}

/** What is asked only of rows in sight. */
export interface RowState {
  readonly selected?: boolean
  /** Beginning with 1; of how many, -1: not known yet. */
  readonly position?: number
  readonly size?: number
  readonly level?: number
  readonly expanded?: boolean | undefined
  /** What is heard, where the content does not say it. */
  readonly label?: string
}

interface VirtualListProps {
  readonly label: string
  readonly roles: 'listbox' | 'treegrid' | 'tree'
  readonly count: number
  /** Asked of all rows whenever it is another function: it may not change with what is chosen. */
  readonly shape: (index: number) => RowShape
  readonly state: (index: number) => RowState
  readonly render: (index: number, active: boolean) => ReactNode
  /** The row that keys act on; -1: none yet. */
  readonly active: number
  readonly onActive: (index: number, by: 'key' | 'pointer') => void
  /** Enter, or a click. */
  readonly onChoose?: (index: number, by: 'key' | 'pointer') => void
  /** Other keys, in a focused list; true: it was one of them. */
  readonly onKey?: (event: KeyboardEvent, index: number) => boolean
  /** The last rows are near. */
  readonly onEnd?: (() => void) | undefined
  readonly element?: RefObject<HTMLDivElement | null>
  /** The focus belongs here when it has no other place on the screen. */
  readonly home?: boolean
  readonly className?: string
}

const rowRole = { listbox: 'option', treegrid: 'row', tree: 'treeitem' } as const

/** A long list of rows with known heights, of which only those in sight exist. Keys move in it; the focus stays on it. */
export function VirtualList(props: VirtualListProps) {
  const { label, roles, count, shape, state, render, active, onActive, onChoose, onKey, onEnd, className = '' } = props
  const own = useRef<HTMLDivElement | null>(null)
  const scroller = props.element ?? own
  const id = useId()
  // Another function makes the list go through all of its rows.
  const getItemKey = useCallback((index: number) => shape(index).key, [shape])
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => shape(index).height,
    getItemKey,
    overscan: 8,
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (lastShown >= 0 && lastShown >= count - 60) onEnd?.()
  }, [lastShown, count, onEnd])

  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      return event.currentTarget.focus({ preventScroll: true })
    }
    if (active >= 0 && onKey?.(event, active)) return event.preventDefault()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' && active >= 0) {
      event.preventDefault()
      return onChoose?.(active, 'key')
    }
    const shown = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / 56))
    const to = moveTo(event.key, active, count, shown, (index) => !shape(index).heading)
    if (to === null || to < 0) return
    event.preventDefault()
    virtual.scrollToIndex(to, { align: 'auto' })
    if (to !== active) onActive(to, 'key')
  }

  const activeKey = active >= 0 && active < count ? shape(active).key : null
  const inSight = activeKey !== null && items.some(({ index }) => index === active)
  return (
    <div
      ref={scroller}
      className={`list ${className}`}
      role={roles}
      aria-label={label}
      aria-activedescendant={inSight ? nameOf(id, activeKey) : undefined}
      tabIndex={0}
      data-home={props.home}
      onKeyDown={keyDown}
    >
      <div className="list-inner" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, size, key }) => {
          const { heading = false, ...about } = { ...shape(index), ...state(index) }
          const isActive = index === active
          return (
            <div
              key={key}
              id={nameOf(id, about.key)}
              className={`list-row${isActive ? ' active' : ''}${about.selected ? ' selected' : ''}`}
              style={{ height: size, transform: `translateY(${start}px)` }}
              {...(heading ? headingRole(roles) : { role: rowRole[roles], 'aria-selected': about.selected ?? false })}
              aria-posinset={about.position}
              aria-setsize={about.position === undefined ? undefined : (about.size ?? -1)}
              aria-level={about.level}
              aria-expanded={about.expanded}
              aria-label={about.label}
              onPointerDown={() => !heading && !isActive && onActive(index, 'pointer')}
              onClick={() => !heading && onChoose?.(index, 'pointer')}
            >
              {roles === 'treegrid' ? (
                <div role="gridcell" className="list-cell">
                  {render(index, isActive)}
                </div>
              ) : (
                render(index, isActive)
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Keys have names of files in them; what is named by an id must have no spaces in it. */
function nameOf(list: string, key: string): string {
  return `${list}${encodeURIComponent(key)}`
}

function headingRole(roles: VirtualListProps['roles']): { role: string } {
  return { role: roles === 'treegrid' ? 'row' : 'presentation' }
}
