import { lengthOf, type Span } from './zoom.ts'

export const HEIGHT = 44
const GAP = 2
const LOWEST = 3

/** The bars of the counts as one drawing, `in` or `out` of the brush; heights grow with the root, so that few are seen beside many. */
export function barsPath(
  counts: readonly { readonly changes: number }[],
  width: number,
  view: Span,
  brush: Span | null,
  which: 'in' | 'out',
): string {
  const most = counts.reduce((max, { changes }) => Math.max(max, changes), 0)
  if (most === 0 || width <= 0) return ''
  const each = width / counts.length
  const part = lengthOf(view) / counts.length
  let path = ''
  counts.forEach(({ changes }, index) => {
    if (changes === 0) return
    const middle = view.since + (index + 0.5) * part
    const inside = brush !== null && middle >= brush.since && middle < brush.until
    if (inside !== (which === 'in')) return
    const height = Math.max(LOWEST, Math.sqrt(changes / most) * HEIGHT)
    const [x, wide] = [index * each, Math.max(1, each - GAP)]
    const round = Math.min(2, wide / 2, height)
    path += `M${x.toFixed(1)} ${HEIGHT}v${(-height + round).toFixed(1)}q0 ${-round} ${round} ${-round}h${(wide - 2 * round).toFixed(1)}q${round} 0 ${round} ${round}V${HEIGHT}z`
  })
  return path
}
