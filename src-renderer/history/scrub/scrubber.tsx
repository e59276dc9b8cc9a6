import { Minus, Plus } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useQuery } from '../../bridge/use-query.ts'
import { goWithin } from '../../state/route.ts'
import { IconButton } from '../../ui/button.tsx'
import { counted } from '../../ui/count.ts'
import { instantOf } from '../../ui/time.ts'
import { changesWithin, type Drag, dragged, gripAt, keyed } from './brush.ts'
import { barsPath, HEIGHT } from './bars.ts'
import { lengthWords, spanWords, ticksOf } from './ticks.ts'
import { useNow } from './use-now.ts'
import { useWidth } from './use-width.ts'
import {
  firstSpan,
  follow,
  instantAt,
  lengthOf,
  LONGEST,
  pan,
  SHORTEST,
  shareOf,
  type Span,
  wholeSpan,
  zoom,
} from './zoom.ts'

interface ScrubberProps {
  readonly project: string
  readonly within: string | null
  /** The part that is looked at. */
  readonly brush: Span | null
  /** When the chosen moment was. */
  readonly mark: number | null
  readonly grown: unknown
}

/** Pixels for each bar with the gap after it. */
const BAR = 8.6
const STEP = 1.6

/** Changes over time: which part of it is looked at, from minutes to years. */
export function Scrubber({ project, within, brush: given, mark, grown }: ScrubberProps) {
  const now = useNow(grown)
  const [element, width] = useWidth<HTMLDivElement>()
  const [chosenView, setView] = useState<Span | null>(null)
  const [lastNow, setLastNow] = useState(now)
  const [drag, setDrag] = useState<{ drag: Drag; brush: Span | null; moved: boolean } | null>(null)
  const path = within === null ? {} : { path: within }
  const whole = useQuery(
    'history.density',
    { project, ...path, ...times({ since: 0, until: 8.64e12 }), buckets: 1 },
    { stale: grown, keep: true },
  )
  const first = whole.data?.first ? instantOf(whole.data.first) : null
  // A view that ended now goes on with it.
  if (now !== lastNow) {
    setLastNow(now)
    if (chosenView) setView(follow(chosenView, lastNow, now))
  }
  const view = chosenView ?? containing(firstSpan(first, now), given, now)
  const buckets = Math.max(8, Math.min(400, Math.floor(width / BAR)))
  const known = width > 0 && (whole.data !== null || chosenView !== null)
  const params = known ? { project, ...path, ...times(view), buckets } : null
  const density = useQuery('history.density', params, { stale: grown, keep: true })
  const counts = density.data?.buckets ?? []
  const brush = drag ? drag.brush : given
  const ticks = useMemo(() => ticksOf(view, width, now), [view.since, view.until, width, now])

  const at = (event: { clientX: number }): { x: number; instant: number } => {
    const left = element.current?.getBoundingClientRect().left ?? 0
    const x = event.clientX - left
    return { x, instant: instantAt(view, x / Math.max(1, width)) }
  }
  const narrow = (to: Span | null, replace = false): void =>
    goWithin(
      to
        ? { since: timeOf(to.since), until: to.until >= now ? undefined : timeOf(to.until) }
        : { since: undefined, until: undefined },
      { replace },
    )
  const zoomBy = (factor: number, around?: number): void => {
    const middle = around ?? (given ? (given.since + given.until) / 2 : view.until)
    setView(zoom(view, factor, middle, now))
  }
  // A listener of React's cannot keep the wheel from scrolling.
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined)
  useEffect(() => {
    wheel.current = (event) => {
      event.preventDefault()
      const across = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      const by = event.deltaX || event.deltaY
      if (across) setView(pan(view, (by / Math.max(1, width)) * lengthOf(view), now))
      else setView(zoom(view, Math.exp(Math.max(-1, Math.min(1, event.deltaY / 240))), at(event).instant, now))
    }
  })
  useEffect(() => {
    const place = element.current
    const heard = (event: WheelEvent): void => wheel.current(event)
    place?.addEventListener('wheel', heard, { passive: false })
    return () => place?.removeEventListener('wheel', heard)
  }, [element])

  const pointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const { x, instant } = at(event)
    setDrag({ drag: { grip: gripAt(given, view, x, width), from: instant, brush: given }, brush: given, moved: false })
  }
  const pointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const { x, instant } = at(event)
    if (!drag) return void (event.currentTarget.dataset['grip'] = gripAt(given, view, x, width))
    const moved = drag.moved || Math.abs(shareOf(view, instant) - shareOf(view, drag.drag.from)) * width > 3
    if (moved) setDrag({ ...drag, moved, brush: dragged(drag.drag, instant, view, buckets) })
  }
  const pointerUp = (): void => {
    if (!drag) return
    const { grip, from } = drag.drag
    // A click looks at one bar; one into the brush lets it be.
    if (drag.moved) narrow(drag.brush)
    else if (grip === 'new') narrow(dragged(drag.drag, from, view, buckets))
    setDrag(null)
  }
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') zoomBy(1 / STEP)
    else if (event.key === '-') zoomBy(STEP)
    else {
      const to = keyed(event.key, event.shiftKey, given, view, buckets)
      if (to === undefined) return
      narrow(to, true)
    }
    event.preventDefault()
  }

  const spoken = brush
    ? `${spanWords(brush, now)}, ${counted(changesWithin(counts, view, brush), 'change')}`
    : `${spanWords(view, now)}, ${counted(changesWithin(counts, view, view), 'change')}`
  const box = brush && { left: shareOf(view, brush.since) * width, right: shareOf(view, brush.until) * width }
  const isWhole = lengthOf(view) >= lengthOf(wholeSpan(first, now)) * 0.99
  return (
    <section className="scrub" aria-label="When">
      <div className="scrub-time">
        <div
          ref={element}
          className="scrub-track"
          role="slider"
          tabIndex={0}
          aria-label="Part of the history"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(Math.min(1, Math.max(0, brush ? shareOf(view, brush.until) : 1)) * 100)}
          aria-valuetext={spoken}
          title={spoken}
          onPointerDown={pointerDown}
          onPointerMove={pointerMove}
          onPointerUp={pointerUp}
          onPointerCancel={() => setDrag(null)}
          onKeyDown={keyDown}
        >
          <svg width={width} height={HEIGHT} aria-hidden="true">
            <path className="bars" d={barsPath(counts, width, view, brush, 'out')} />
            <path className="bars in" d={barsPath(counts, width, view, brush, 'in')} />
            {mark !== null && mark >= view.since && mark <= view.until && (
              <path className="scrub-mark" d={`M${(shareOf(view, mark) * width).toFixed(1)} ${HEIGHT - 1}l-4 6h8z`} />
            )}
          </svg>
          {box && box.right > 0 && box.left < width && (
            <div
              className="brush"
              style={{
                left: Math.max(0, box.left),
                width: Math.max(4, Math.min(width, box.right) - Math.max(0, box.left)),
              }}
            />
          )}
          {density.state === 'failed' && <span className="scrub-failed">{density.error.message}</span>}
        </div>
        <div className="ticks" aria-hidden="true">
          {ticks.map(({ instant, share, label }) => (
            <span key={instant} style={{ left: share * width }}>
              {label}
            </span>
          ))}
          {Math.abs(shareOf(view, now) - 1) < 0.01 && <span className="tick-now">Now</span>}
        </div>
      </div>
      <div className="scrub-tools">
        <IconButton label="See more time" disabled={lengthOf(view) >= LONGEST} onClick={() => zoomBy(STEP)}>
          <Minus size={14} />
        </IconButton>
        <IconButton label="See it closer" disabled={lengthOf(view) <= SHORTEST} onClick={() => zoomBy(1 / STEP)}>
          <Plus size={14} />
        </IconButton>
        <span title="How much is in sight">{lengthWords(lengthOf(view))}</span>
        <button type="button" className="link" aria-disabled={isWhole} onClick={() => setView(wholeSpan(first, now))}>
          All time
        </button>
      </div>
    </section>
  )
}

/** A link may look at a time that is not in the first view. */
function containing(view: Span, brush: Span | null, now: number): Span {
  if (!brush || brush.since >= view.since) return view
  return { since: brush.since - (now - brush.since) * 0.05, until: now }
}

function times({ since, until }: Span): { since: string; until: string } {
  return { since: timeOf(since), until: timeOf(until) }
}

/** As the contract has it. */
export function timeOf(instant: number): string {
  return new Date(Math.round(instant)).toISOString().replace('Z', '000000Z')
}
