import { expect, test } from 'vitest'
import { heardWords, pattern, programWords, wordsOf } from '../../../src-renderer/history/moments/words.ts'
import { moment } from './moment.ts'

const path = (name: string, action: 'create' | 'edit' | 'delete' | 'rename' = 'edit', from: string | null = null) => ({
  path: name,
  action,
  from,
})

test('one file is told by its name, with how often it was saved', () => {
  expect(wordsOf(moment({ first: 3, last: 6 }))).toEqual({
    who: 'vim',
    what: '· notes.txt',
    gone: null,
    detail: 'saved 4 times',
  })
})

test('many are counted, with the command line', () => {
  const words = wordsOf(moment({ programs: ['npm'], count: 1214, command: ['npm', 'install', 'vite'] }))
  expect(words).toMatchObject({ who: 'npm', what: '· 1,214 files', detail: 'npm install vite' })
})

test('a folder that went as a whole is named, and what went with it counted', () => {
  const paths = ['figures/b.svg', 'figures/a.svg', 'figures'].map((name) => path(name, 'delete'))
  const gone = moment({ programs: ['rm'], paths, count: 3, removed: 3, folders: 1, removedFolders: 1 })
  expect(wordsOf(gone)).toMatchObject({ what: '· figures/', gone: 'deleted with 2 files' })
})

test('files and folders are counted apart', () => {
  const about = { programs: ['rm'], count: 9, removed: 8, folders: 3, removedFolders: 2 }
  expect(wordsOf(moment(about))).toMatchObject({
    what: '· 6 files and 3 folders',
    gone: 'deleted 6 files and 2 folders',
  })
  expect(wordsOf(moment({ ...about, folders: 9, removedFolders: 8 }))).toMatchObject({ gone: 'deleted 8 folders' })
  expect(wordsOf(moment({ ...about, folders: 0, removedFolders: 0 }))).toMatchObject({ gone: 'deleted 8 files' })
})

test('what is alike is told by its pattern', () => {
  expect(pattern(['results/a.csv', 'results/b.csv'])).toBe('results/*.csv')
  expect(pattern(['a.csv', 'b.txt'])).toBeNull()
  expect(pattern(['results/a.csv', 'results/old/b.csv'])).toBeNull()
  expect(pattern(['Makefile', 'README'])).toBeNull()
})

test('a restore is the reader’s own', () => {
  expect(wordsOf(moment({ kind: 'restore', programs: ['ize restore'] }))).toMatchObject({
    who: 'You restored',
    what: 'notes.txt',
  })
})

test('a file that got another name says which it had', () => {
  const paths = [path('b.md', 'rename', 'a.md')]
  expect(wordsOf(moment({ kind: 'rename', paths })).detail).toBe('was a.md')
})

test('one deleted file is not counted', () => {
  const words = wordsOf(moment({ kind: 'delete', removed: 1, paths: [path('a.md', 'delete')] }))
  expect(words).toMatchObject({ gone: 'deleted', detail: '' })
})

test('programs are named as in speech', () => {
  expect(programWords([])).toBe('Unknown program')
  expect(programWords(['sh', 'cp'])).toBe('sh and cp')
  expect(programWords(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more')
})

test('a row is heard as one sentence', () => {
  const named = moment({ names: ['draft'], first: 1, last: 1 })
  expect(heardWords(named, '14:02')).toBe('14:02, vim notes.txt, named draft, changed')
})

test('a file that was saved by putting a new one in its place is not told as deleted', () => {
  const paths = [path('a.md', 'delete'), path('a.md', 'rename', 'a.md~')]
  const saved = moment({ kind: 'several', programs: ['sed'], paths, count: 2, removed: 1 })
  expect(wordsOf(saved)).toEqual({ who: 'sed', what: '· a.md', gone: null, detail: 'a.md' })
})
