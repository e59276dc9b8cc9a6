import { bucketAt, bucketSpan, lengthOf, type Span } from './zoom.ts'

/** What is dragged: the brush or one of its edges; `new`: a brush is drawn from where the drag began. */
export type Grip = 'since' | 'until' | 'move' | 'new'

export interface Drag {
  readonly grip: Grip
  /** Instant where it began. */
  readonly from: number
  /** The brush as it was then. */
  readonly brush: Span | null
}

/** The brush once the pointer is at an instant; its edges snap to those of the bars. Null: none yet. */
export function dragged({ grip, from, brush }: Drag, to: number, view: Span, buckets: number): Span | null {
  const snap = (a: number, b: number): Span => {
    const [early, late] = a <= b ? [a, b] : [b, a]
    return {
      since: bucketSpan(view, buckets, bucketAt(view, buckets, early)).since,
      until: bucketSpan(view, buckets, bucketAt(view, buckets, late)).until,
    }
  }
  if (grip === 'new' || !brush) return snap(from, to)
  const inside = lengthOf(view) / buckets / 2
  if (grip === 'since') return snap(to, brush.until - inside)
  if (grip === 'until') return snap(brush.since + inside, to)
  const each = lengthOf(view) / buckets
  const by = Math.round((to - from) / each) * each
  const length = lengthOf(brush)
  const since = Math.min(Math.max(brush.since + by, view.since), view.until - length)
  return { since, until: since + length }
}

/** How the keys move a brush: by bars, by its length, wider; Escape takes it away (null). Undefined: not a key of ours. */
export function keyed(
  key: string,
  shift: boolean,
  brush: Span | null,
  view: Span,
  buckets: number,
): Span | null | undefined {
  const each = lengthOf(view) / buckets
  const now: Span = brush ?? bucketSpan(view, buckets, buckets - 1)
  const length = lengthOf(now)
  const to = (since: number): Span => {
    const kept = Math.min(Math.max(since, view.since), Math.max(view.since, view.until - length))
    return { since: kept, until: kept + length }
  }
  switch (key) {
    case 'ArrowLeft':
      return shift
        ? { since: Math.max(view.since, now.since - each), until: now.until }
        : to(now.since - (brush ? each : 0))
    case 'ArrowRight':
      if (shift) return { since: now.since, until: Math.min(view.until, now.until + each) }
      return to(now.since + each)
    case 'PageUp':
      return to(now.since - Math.max(length, 7 * each))
    case 'PageDown':
      return to(now.since + Math.max(length, 7 * each))
    case 'Home':
      return to(view.since)
    case 'End':
      return to(view.until)
    case 'Escape':
      return null
    default:
      return undefined
  }
}

/** What the pointer would drag at `x`, in pixels of which the view has `width`. */
export function gripAt(brush: Span | null, view: Span, x: number, width: number): Grip {
  if (!brush || width <= 0) return 'new'
  const at = (instant: number): number => ((instant - view.since) / lengthOf(view)) * width
  const [left, right] = [at(brush.since), at(brush.until)]
  const reach = Math.min(7, (right - left) / 3 + 2)
  if (Math.abs(x - left) <= reach) return 'since'
  if (Math.abs(x - right) <= reach) return 'until'
  return x > left && x < right ? 'move' : 'new'
}

export function changesWithin(counts: readonly { readonly changes: number }[], view: Span, brush: Span): number {
  const each = lengthOf(view) / counts.length
  return counts.reduce((sum, { changes }, index) => {
    const middle = view.since + (index + 0.5) * each
    return middle >= brush.since && middle < brush.until ? sum + changes : sum
  }, 0)
}
