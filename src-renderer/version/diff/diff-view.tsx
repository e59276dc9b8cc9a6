import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type WheelEvent,
} from 'react'
import { useSettings } from '../../state/settings.ts'
import { Skeleton } from '../../ui/notice.tsx'
import { DiffRow } from './diff-row.tsx'
import { LongLine } from './long-line.tsx'
import type { DiffSource, LineName, ShownLine } from './messages.ts'
import type { LineRange } from './rows.ts'
import { type DiffOptions, useDiff } from './use-diff.ts'
import './diff.css'

const ROW = 20
const BAR = 28

export interface DiffViewProps extends DiffOptions {
  readonly label: string
  readonly path: string
  readonly source: DiffSource
  readonly wrap: boolean
  readonly readContent: () => Promise<ArrayBuffer>
  readonly onRestoreLines?: ((range: LineRange) => void) | undefined
  /** What of it is known, once it is. */
  readonly onOutline?: (outline: { added: number; removed: number; changes: number }) => void
  /** The change to go to: a step from the one that is looked at, each time `count` grows. */
  readonly jump?: { readonly count: number; readonly step: 1 | -1 }
  readonly onChangeShown?: (at: number) => void
}

/** A difference, or one content alone, in rows that are made as they come into sight. */
export function DiffView(props: DiffViewProps) {
  const { path, source, wrap, readContent, onRestoreLines, onOutline, jump, onChangeShown } = props
  const diff = useDiff(path, source, props, readContent)
  const { outline } = diff
  const scroller = useRef<HTMLDivElement>(null)
  const across = useRef<HTMLDivElement>(null)
  const current = useRef(-1)
  const [whole, setWhole] = useState<LineName | null>(null)
  const letters = useSettings(({ settings }) => settings?.letterShortcuts ?? true)
  const tall = useMemo(() => new Set(outline?.tall), [outline])
  const estimateSize = useCallback((index: number) => (tall.has(index) ? BAR : ROW), [tall])
  const virtual = useVirtualizer({
    count: outline?.rows ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize,
    overscan: 6,
    useFlushSync: false,
  })

  useEffect(() => {
    if (!outline) return
    onOutline?.({ added: outline.added, removed: outline.removed, changes: outline.changes.length })
    current.current = -1
  }, [outline, onOutline])

  const goTo = useCallback(
    (step: 1 | -1) => {
      const changes = outline?.changes ?? []
      if (changes.length === 0) return
      const next = Math.min(changes.length - 1, Math.max(0, current.current + step))
      current.current = next
      virtual.scrollToIndex(changes[next]!, { align: 'center' })
      onChangeShown?.(next)
    },
    [outline, virtual, onChangeShown],
  )
  const jumped = useRef(0)
  useEffect(() => {
    if (jump && jump.count !== jumped.current) {
      jumped.current = jump.count
      goTo(jump.step)
    }
  }, [jump, goTo])

  // The first change is what one came for.
  useLayoutEffect(() => {
    const first = outline?.changes[0]
    if (first !== undefined && current.current < 0 && first > 12) virtual.scrollToIndex(first, { align: 'center' })
  }, [outline === null])

  const keyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey) return
    const alt = event.altKey && (event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null)
    const letter = letters && !event.altKey && (event.key === 'n' ? 1 : event.key === 'p' ? -1 : null)
    const step = alt || letter
    if (!step) return
    event.preventDefault()
    goTo(step)
  }
  const onWhole = useCallback((line: ShownLine) => {
    setWhole(line.now === null ? { side: 'old', number: line.old! } : { side: 'now', number: line.now })
  }, [])
  const shift = (): void => {
    scroller.current?.style.setProperty('--shift', `${across.current?.scrollLeft ?? 0}px`)
  }
  const wheel = (event: WheelEvent): void => {
    const by = event.shiftKey ? event.deltaY : event.deltaX
    if (by !== 0) across.current?.scrollBy({ left: by })
  }

  if (diff.error !== null) {
    return (
      <p className="notice problem" role="alert">
        This cannot be shown line by line: {diff.error}
      </p>
    )
  }
  if (!outline) return <Skeleton rows={12} />
  const items = virtual.getVirtualItems()
  const style = { '--digits': outline.digits, '--columns': outline.columns } as Record<string, unknown>
  return (
    <div className={`diff ${props.layout} ${wrap ? 'wrap' : ''}`} style={style}>
      <div
        ref={scroller}
        className="diff-scroller"
        role="table"
        aria-label={props.label}
        aria-rowcount={outline.rows}
        tabIndex={0}
        onKeyDown={keyDown}
        onWheel={wrap ? undefined : wheel}
      >
        <div className="diff-rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, key }) => (
            <div
              key={key}
              // Only wrapped lines have heights of their own.
              ref={wrap ? virtual.measureElement : undefined}
              data-index={index}
              className="diff-row"
              role="row"
              aria-rowindex={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <DiffRow
                row={diff.row(index)}
                alone={source.kind === 'content'}
                onWhole={onWhole}
                onUnfold={diff.unfold}
                onRestoreLines={onRestoreLines}
              />
            </div>
          ))}
        </div>
      </div>
      {!wrap && (
        <div ref={across} className="diff-across" onScroll={shift} tabIndex={-1} aria-hidden="true">
          <div />
        </div>
      )}
      {whole && <LongLine name={whole} lineText={diff.lineText} onClose={() => setWhole(null)} />}
    </div>
  )
}
