import { expect, test } from 'vitest'
import { readQuery } from '../../../src-renderer/entrance/search-query.ts'
import { excerpt, type NameHit, rankNames } from '../../../src-renderer/entrance/search-rows.ts'

const clock = { now: Date.parse('2026-11-21T18:00:00Z'), zone: 'UTC' }

test('a time alone is a time', () => {
  expect(readQuery('yesterday 14:00', clock)).toEqual({ text: '', at: '2026-11-20T14:00:00.000000000Z' })
})

test('a name with a time behind it is both', () => {
  expect(readQuery('chapter 3 yesterday 14:00', clock)).toEqual({
    text: 'chapter 3',
    at: '2026-11-20T14:00:00.000000000Z',
  })
})

test('a name is a name, whatever it looks like', () => {
  expect(readQuery('notes.txt', clock)).toEqual({ text: 'notes.txt', at: null })
  expect(readQuery(' last page ', clock)).toEqual({ text: 'last page', at: null })
  expect(readQuery('25:99', clock)).toEqual({ text: '25:99', at: null })
})

function hit(path: string, time: string): NameHit {
  return { project: 'p', path, type: 'file', present: true, version: 1, time }
}

test('the whole name comes first, then beginnings, then parts, then folders; the newest first among equals', () => {
  const hits = [
    hit('notes/other.txt', '5'),
    hit('my-notes', '4'),
    hit('notes-old', '2'),
    hit('notes-new', '3'),
    hit('a/Notes', '1'),
  ]
  const order = ['a/Notes', 'notes-new', 'notes-old', 'my-notes', 'notes/other.txt']
  expect(rankNames(hits, 'notes').map(({ path }) => path)).toEqual(order)
})

test('a megabyte line is cut around what was found', () => {
  const line = `${'x'.repeat(500_000)} a sentence ${'y'.repeat(500_000)}`
  const { before, found, after } = excerpt(line, 'A Sentence')
  expect(found).toBe('a sentence')
  expect((before + found + after).length).toBeLessThan(120)
})
