import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barsPath } from '../../../src-renderer/history/scrub/bars.ts'
import { changesWithin, dragged, gripAt, keyed } from '../../../src-renderer/history/scrub/brush.ts'
import { lengthWords, spanWords, ticksOf } from '../../../src-renderer/history/scrub/ticks.ts'
import {
  bucketAt,
  bucketSpan,
  firstSpan,
  follow,
  instantAt,
  lengthOf,
  LONGEST,
  pan,
  shareOf,
  SHORTEST,
  wholeSpan,
  zoom,
} from '../../../src-renderer/history/scrub/zoom.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const now = new Date(2026, 10, 21, 14, 2).getTime()
const span = fc
  .record({ back: fc.integer({ min: 0, max: 10 * 365 * DAY }), length: fc.integer({ min: SHORTEST, max: LONGEST }) })
  .map(({ back, length }) => ({ since: now - back - length, until: now - back }))

test('zooming keeps what is under the pointer where it is, and never shows what is to come', () => {
  fc.assert(
    fc.property(
      span,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (view, factor, share) => {
        const around = instantAt(view, share)
        const zoomed = zoom(view, factor, around, now)
        expect(zoomed.until).toBeLessThanOrEqual(now + 1)
        expect(lengthOf(zoomed)).toBeGreaterThanOrEqual(SHORTEST - 1)
        expect(lengthOf(zoomed)).toBeLessThanOrEqual(LONGEST + 1)
        if (zoomed.until < now - 1) expect(shareOf(zoomed, around)).toBeCloseTo(share, 4)
      },
    ),
  )
})

test('panning stops at now', () => {
  const view = { since: now - 2 * HOUR, until: now - HOUR }
  expect(pan(view, -HOUR, now)).toEqual({ since: now - 3 * HOUR, until: now - 2 * HOUR })
  expect(pan(view, DAY, now)).toEqual({ since: now - HOUR, until: now })
})

test('a view that ends now goes on with it; an older one stays', () => {
  const later = now + 60_000
  expect(follow({ since: now - HOUR, until: now }, now, later).until).toBe(later)
  const old = { since: now - 3 * HOUR, until: now - HOUR }
  expect(follow(old, now, later)).toEqual(old)
})

test('a long history opens with its last week, a young one with all of it', () => {
  expect(lengthOf(firstSpan(now - 400 * DAY, now))).toBe(7 * DAY)
  const young = firstSpan(now - 2 * DAY, now)
  expect(young.since).toBeLessThan(now - 2 * DAY)
  expect(wholeSpan(null, now).until).toBe(now)
})

test('every instant lies in the bucket that is found for it', () => {
  fc.assert(
    fc.property(
      span,
      fc.integer({ min: 1, max: 400 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (view, buckets, share) => {
        const at = instantAt(view, share)
        const bucket = bucketSpan(view, buckets, bucketAt(view, buckets, at))
        expect(at).toBeGreaterThanOrEqual(bucket.since - 1)
        expect(at).toBeLessThanOrEqual(bucket.until + 1)
      },
    ),
  )
})

const view = { since: 0, until: 100 }

test('a new brush covers the bars between both ends, whichever way it is drawn', () => {
  const drag = { grip: 'new', from: 32, brush: null } as const
  expect(dragged(drag, 58, view, 10)).toEqual({ since: 30, until: 60 })
  expect(dragged({ ...drag, from: 58 }, 32, view, 10)).toEqual({ since: 30, until: 60 })
  expect(dragged(drag, 32, view, 10)).toEqual({ since: 30, until: 40 })
})

test('edges are dragged alone, past each other too', () => {
  const brush = { since: 30, until: 60 }
  expect(dragged({ grip: 'since', from: 30, brush }, 12, view, 10)).toEqual({ since: 10, until: 60 })
  expect(dragged({ grip: 'until', from: 60, brush }, 82, view, 10)).toEqual({ since: 30, until: 90 })
  expect(dragged({ grip: 'since', from: 30, brush }, 82, view, 10)).toEqual({ since: 50, until: 90 })
})

test('a brush that is moved keeps its length and stays in sight', () => {
  const brush = { since: 30, until: 60 }
  expect(dragged({ grip: 'move', from: 40, brush }, 61, view, 10)).toEqual({ since: 50, until: 80 })
  expect(dragged({ grip: 'move', from: 40, brush }, 1000, view, 10)).toEqual({ since: 70, until: 100 })
})

test('the pointer takes an edge when it is near, else the brush, else draws a new one', () => {
  const brush = { since: 30, until: 60 }
  expect([28, 45, 62, 80].map((x) => gripAt(brush, view, x, 100))).toEqual(['since', 'move', 'until', 'new'])
  expect(gripAt(null, view, 45, 100)).toBe('new')
})

test('keys begin at now, move by bars, widen, and let go', () => {
  expect(keyed('ArrowLeft', false, null, view, 10)).toEqual({ since: 90, until: 100 })
  const brush = { since: 30, until: 60 }
  expect(keyed('ArrowLeft', false, brush, view, 10)).toEqual({ since: 20, until: 50 })
  expect(keyed('ArrowLeft', true, brush, view, 10)).toEqual({ since: 20, until: 60 })
  expect(keyed('End', false, brush, view, 10)).toEqual({ since: 70, until: 100 })
  expect(keyed('Home', false, brush, view, 10)).toEqual({ since: 0, until: 30 })
  expect(keyed('Escape', false, brush, view, 10)).toBeNull()
  expect(keyed('x', false, brush, view, 10)).toBeUndefined()
})

test('changes are counted within the brush alone', () => {
  const counts = [1, 2, 3, 4].map((changes) => ({ changes }))
  expect(changesWithin(counts, view, { since: 25, until: 75 })).toBe(5)
  expect(changesWithin(counts, view, view)).toBe(10)
})

test('bars are drawn once each, inside or outside of the brush', () => {
  const counts = [1, 0, 9, 4].map((changes) => ({ changes }))
  const brush = { since: 50, until: 75 }
  const drawn = (which: 'in' | 'out'): number => (barsPath(counts, 400, view, brush, which).match(/M/g) ?? []).length
  expect([drawn('in'), drawn('out')]).toEqual([1, 2])
  expect(barsPath([{ changes: 0 }], 400, view, null, 'out')).toBe('')
})

test('ticks keep their distance and follow each other, from minutes to years', () => {
  fc.assert(
    fc.property(span, fc.integer({ min: 200, max: 2400 }), (at, width) => {
      const ticks = ticksOf(at, width, now)
      for (let index = 1; index < ticks.length; index++)
        expect((ticks[index]!.share - ticks[index - 1]!.share) * width).toBeGreaterThan(40)
      for (const { share } of ticks) expect(share).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 300 },
  )
})

test('days are told in words', () => {
  const labels = ticksOf({ since: now - 6.9 * DAY, until: now }, 1036, now).map(({ label }) => label)
  expect(labels).toEqual(['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Yesterday', 'Today'])
})

test('months and years have their names', () => {
  const months = ticksOf({ since: new Date(2025, 8, 10).getTime(), until: new Date(2026, 3, 5).getTime() }, 900, now)
  expect(months.map(({ label }) => label)).toEqual(['Oct', 'Nov', 'Dec', '2026', 'Feb', 'Mar', 'Apr'])
})

test('a part of time is spoken as people say it', () => {
  const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime()
  expect(spanWords({ since: at(21, 9), until: at(21, 11, 30) }, now)).toBe('Today 09:00 to 11:30')
  expect(spanWords({ since: at(17, 14, 2), until: at(17, 14, 3) }, now)).toBe('Tuesday 14:02')
  expect(spanWords({ since: at(20, 23), until: at(21, 1) }, now)).toBe('Yesterday 23:00 to Today 01:00')
  expect(spanWords({ since: at(1, 0), until: at(20, 0) }, now)).toBe('Nov 1 to Yesterday')
  expect([30 * 60_000, DAY, 7 * DAY, 365.25 * DAY].map(lengthWords)).toEqual([
    '30 minutes',
    '24 hours',
    '7 days',
    '12 months',
  ])
})
