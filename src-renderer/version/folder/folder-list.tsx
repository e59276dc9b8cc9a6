import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import { Empty, Failure, Skeleton } from '../../ui/notice.tsx'
import { moveBetweenRows } from '../../ui/list-keys.ts'
import type { Pages } from './use-pages.ts'
import './folder.css'

const ROW = 28

interface FolderListProps<T> {
  readonly label: string
  readonly pages: Pages<T>
  readonly empty: string
  readonly keyOf: (row: T) => string
  readonly onOpen: (row: T) => void
  readonly children: (row: T) => ReactNode
}

/** Rows of a folder that are fetched as one scrolls. */
export function FolderList<T>({ label, pages, empty, keyOf, onOpen, children }: FolderListProps<T>) {
  const { rows, loading, more, error, loadMore } = pages
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 15,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && !loading && last > rows.length - 40) loadMore()
  }, [more, loading, last, rows.length, loadMore])
  if (error) return <Failure error={error} />
  if (rows.length === 0) return loading ? <Skeleton rows={8} /> : <Empty title={empty} />
  return (
    <div ref={scroller} className="folder-list" role="list" aria-label={label} onKeyDown={moveBetweenRows}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start }) => {
          const row = rows[index]!
          return (
            <div
              key={keyOf(row)}
              role="listitem"
              aria-posinset={index + 1}
              aria-setsize={more ? -1 : rows.length}
              className="folder-row"
              style={{ transform: `translateY(${start}px)` }}
            >
              <button type="button" data-row onClick={() => onOpen(row)}>
                {children(row)}
              </button>
            </div>
          )
        })}
      </div>
    </div>
  )
}
