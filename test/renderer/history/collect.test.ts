import { expect, test } from 'vitest'
import {
  addPage,
  collect,
  firstPage,
  freshWords,
  type Moments,
  replaceOne,
  showFresh,
} from '../../../src-renderer/history/moments/collect.ts'
import { moment } from './moment.ts'

const firsts = ({ shown }: Moments): number[] => shown.map(({ first }) => first)
const three = firstPage({ moments: [30, 20, 10].map((first) => moment({ first })), next: 10 })

test('pages follow each other without a change of what is shown', () => {
  const more = addPage(three, { moments: [moment({ first: 5 })], next: null })
  expect(firsts(more)).toEqual([30, 20, 10, 5])
  expect(more.next).toBeNull()
})

test('newer moments are put aside until they are asked for', () => {
  const now = collect(three, { moments: [50, 40, 30, 20].map((first) => moment({ first })), next: 20 })
  expect(firsts(now)).toEqual([30, 20, 10])
  expect(freshWords(now)).toBe('2 new')
  const shown = showFresh(now)
  expect(firsts(shown)).toEqual([50, 40, 30, 20, 10])
  expect(shown.fresh).toEqual([])
  expect(shown.next).toBe(10)
})

test('a moment that goes on is replaced where it stands', () => {
  const now = collect(three, { moments: [moment({ first: 30, last: 35, count: 9 })], next: 30 })
  expect(firsts(now)).toEqual([30, 20, 10])
  expect(now.shown[0]?.last).toBe(35)
  expect(now.fresh).toEqual([])
})

test('what is the same leaves the list itself as it is, so that nothing is drawn again', () => {
  expect(collect(three, { moments: [...three.shown], next: 10 }).shown).toBe(three.shown)
})

test('when more came than a page tells, the list begins anew rather than with a gap', () => {
  const now = collect(three, { moments: [90, 80, 70].map((first) => moment({ first })), next: 70 })
  expect(freshWords(now)).toBe('3+ new')
  const shown = showFresh(now)
  expect(firsts(shown)).toEqual([90, 80, 70])
  expect(shown.next).toBe(70)
  expect(shown.gap).toBeNull()
})

test('an empty list takes what comes at once', () => {
  const now = collect(firstPage({ moments: [], next: null }), { moments: [moment({ first: 1 })], next: null })
  expect(firsts(now)).toEqual([1])
})

test('a moment that was given a name shows it', () => {
  const named = replaceOne(three, moment({ first: 20, names: ['draft'] }))
  expect(named.shown.map(({ names }) => names)).toEqual([[], ['draft'], []])
})
