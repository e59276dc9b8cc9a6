import { expect, test } from 'vitest'
import { columnsOf } from '../../../src-renderer/restore/three-way.ts'

const conflict = {
  kind: 'conflict' as const,
  base: 'one\n2\nthree\n',
  now: 'eins\nzwei\ndrei\n',
  wanted: 'one\ntwo\nthree\n',
  baseLine: 4,
  nowLine: 6,
  version: 3,
}

test('each side has its lines with their numbers, and what is only there is marked', () => {
  const { base, now, wanted } = columnsOf(conflict)
  expect(base).toEqual([
    { number: 4, text: 'one', mark: 'same' },
    { number: 5, text: '2', mark: 'gone' },
    { number: 6, text: 'three', mark: 'same' },
  ])
  expect(now.map(({ number, mark }) => [number, mark])).toEqual([
    [6, 'new'],
    [7, 'new'],
    [8, 'new'],
  ])
  expect(wanted.map(({ number, text, mark }) => [number, text, mark])).toEqual([
    [null, 'one', 'same'],
    [null, 'two', 'new'],
    [null, 'three', 'same'],
  ])
})

test('a side without lines is empty, and a last line without its end is one', () => {
  const { base, now } = columnsOf({ ...conflict, base: '', now: 'a' })
  expect(base).toEqual([])
  expect(now).toEqual([{ number: 6, text: 'a', mark: 'new' }])
})
