import { describe, expect, it } from 'vitest'
import { colourLines } from '../../../src-renderer/version/diff/colours.ts'
import { DiffDocument } from '../../../src-renderer/version/diff/diff-document.ts'
import { LazyColours } from '../../../src-renderer/version/diff/lazy-colours.ts'
import { languageOf } from '../../../src-renderer/version/diff/languages.ts'
import { runsOf, segmentsOf, SHOWN } from '../../../src-renderer/version/diff/segments.ts'
import { visiblePieces } from '../../../src-renderer/version/diff/visible-text.ts'
import { differentWords } from '../../../src-renderer/version/diff/words.ts'

function marked(old: string, now: string): { old: string[]; now: string[] } | null {
  const words = differentWords(old, now)
  return (
    words && {
      old: words.old.map(({ from, to }) => old.slice(from, to)),
      now: words.now.map(({ from, to }) => now.slice(from, to)),
    }
  )
}

describe('words that differ', () => {
  it('are marked whole, a phrase as one', () => {
    const found = marked('Each write waits for the recorder,', 'Each write returns from the log,')
    expect(found).toEqual({ old: ['waits for the recorder'], now: ['returns from the log'] })
  })

  it('are not marked where hardly anything is the same', () => {
    expect(marked('alpha beta gamma', 'one two three')).toBeNull()
    expect(marked('same', 'same')).toBeNull()
  })

  it('are one mark in very long lines', () => {
    const ends = 'x'.repeat(100_000)
    const found = differentWords(`${ends} ${'a'.repeat(5000)} ${ends}`, `${ends} ${'b'.repeat(5000)} ${ends}`)
    expect(found?.old).toEqual([{ from: 100_001, to: 105_001 }])
  })

  it('never cut a character in two', () => {
    expect(marked('a 😀 b', 'a 😁 b')).toEqual({ old: ['😀'], now: ['😁'] })
  })
})

describe('text that would not be seen', () => {
  it('is shown as what it is', () => {
    expect(visiblePieces('a\tb\u202ec\u0000')).toEqual([
      { text: 'a', odd: null },
      { text: '\t', odd: 'tab' },
      { text: 'b', odd: null },
      { text: '⟨202E⟩', odd: 'hidden' },
      { text: 'c', odd: null },
      { text: '␀', odd: 'hidden' },
    ])
    expect(visiblePieces('<b>שלום</b>')).toEqual([{ text: '<b>שלום</b>', odd: null }])
  })
})

describe('segments', () => {
  it('are cut where colour or mark changes', () => {
    const colours = [{ from: 0, to: 5, scope: 'keyword' }]
    const { segments } = segmentsOf('const x', colours, [{ from: 3, to: 7 }])
    expect(segments.map(({ text, colour, word }) => [text, colour, word])).toEqual([
      ['con', 'keyword', false],
      ['st', 'keyword', true],
      [' x', null, true],
    ])
  })

  it('are sent as texts and looks, neighbours of one look as one', () => {
    const plain = { colour: null, word: false, odd: null }
    const [tab, word] = [{ ...plain, text: '\t', odd: 'tab' } as const, { ...plain, text: 'x', word: true }]
    expect(runsOf([tab, tab, { ...plain, text: 'a' }, { ...plain, text: 'b' }, word])).toEqual([
      '\t',
      'odd-tab',
      '\t',
      'odd-tab',
      'ab',
      '',
      'x',
      'word',
    ])
    expect(runsOf([])).toEqual([])
  })

  it('show a very long line around what differs', () => {
    const text = `${'a'.repeat(1_000_000)}HERE${'b'.repeat(1_000_000)}`
    const shown = segmentsOf(text, [], [{ from: 1_000_000, to: 1_000_004 }])
    expect(shown.segments.map(({ text }) => text).join('')).toContain('aaaHEREbbb')
    expect(shown.before + shown.after + SHOWN).toBe(text.length)
  })
})

describe('colours', () => {
  it('follow what goes over several lines', () => {
    const runs = colourLines(['/* a', 'b */ const x = "<b>"'], 'javascript')
    expect(runs?.[0]).toEqual([{ from: 0, to: 4, scope: 'comment' }])
    expect(runs?.[1]?.map(({ scope }) => scope)).toEqual(['comment', 'keyword', 'string'])
  })

  it('are left out of what is too long, and of what is not known', () => {
    expect(colourLines(['x'.repeat(6000)], 'javascript')).toBeNull()
    expect(colourLines(['x'], 'no-such-language')).toBeNull()
    expect(languageOf('a/Makefile')).toBe('makefile')
    expect(languageOf('a/b.TS')).toBe('typescript')
    expect(languageOf('notes')).toBeNull()
  })
})

describe('colours of a long text', () => {
  it('are found where it is looked at, with what began shortly before', () => {
    const lines = Array.from({ length: 1000 }, (_, n) =>
      n === 480 ? '/* let' : n === 520 ? 'let */' : `let a${n} = 1`,
    )
    const colours = new LazyColours(lines, 'javascript')
    expect(colours.of(510)).toEqual([])
    expect(colours.bring(510)).toBe(true)
    expect(colours.bring(599)).toBe(false)
    expect(colours.of(510).map(({ scope }) => scope)).toEqual(['comment'])
    expect(colours.of(599)[0]).toMatchObject({ from: 0, to: 3, scope: 'keyword' })
    expect(colours.of(600)).toEqual([])
    expect(colours.bring(1000)).toBe(false)
  })
})

describe('a difference as a whole', () => {
  const base64 = (text: string): string => btoa(text)

  it('gives the rows that are looked at, coloured when asked', () => {
    const document = new DiffDocument('a.js', {
      kind: 'hunks',
      base64: base64('@@ -1 +1 @@\n-let a = 1\n+let a = 2\n'),
    })
    const outline = document.arrange({ layout: 'side-by-side', ignoreSpace: false, unfolded: [] })
    expect(outline).toMatchObject({ rows: 2, changes: [0], tall: [1], added: 1, removed: 1 })
    expect(document.colour(0, 1)).toBe(true)
    expect(document.colour(0, 1)).toBe(false)
    const [row] = document.rows(0, 1, true)
    expect(row?.kind === 'pair' && row.right?.runs).toEqual([
      'let',
      'syntax-keyword',
      ' a = ',
      '',
      '2',
      'syntax-number word',
    ])
    expect(row?.kind === 'pair' && row.left?.runs.slice(0, 2)).toEqual(['let', 'syntax-keyword'])
  })

  it('shows one content alone', () => {
    const bytes = new TextEncoder().encode('one\ntwo').buffer
    const document = new DiffDocument('a', { kind: 'content', bytes })
    expect(document.arrange({ layout: 'inline', ignoreSpace: false, unfolded: [] }).rows).toBe(2)
    expect(document.line({ side: 'now', number: 2 }, 0, 2)).toEqual({ text: 'tw', length: 3 })
  })
})
