import { describe, expect, it } from 'vitest'
import { parseHunks } from '../../../src-renderer/version/diff/hunks.ts'
import { buildRows, changedRange, type Row, type RowOptions } from '../../../src-renderer/version/diff/rows.ts'

const options: RowOptions = { layout: 'side-by-side', ignoreSpace: false, unfolded: new Map(), content: null }
const sample = '@@ -3,4 +3,5 @@\n three\n-four\n+4\n+4b\n five\n six\n'

function told(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'pair') return `${row.left?.text ?? ''}|${row.right?.text ?? ''}`
    if (row.kind === 'line') return `${row.line.kind} ${row.line.text}`
    return row.kind === 'fold' ? `fold ${row.gap}: ${row.count ?? '?'}` : 'bar'
  })
}

describe('parsing hunks', () => {
  it('numbers the lines of both sides', () => {
    const [hunk] = parseHunks(sample)
    expect(hunk?.lines.map(({ kind, old, now, text }) => [kind, old, now, text])).toEqual([
      ['same', 3, 3, 'three'],
      ['removed', 4, null, 'four'],
      ['added', null, 4, '4'],
      ['added', null, 5, '4b'],
      ['same', 5, 6, 'five'],
      ['same', 6, 7, 'six'],
    ])
  })

  it('takes no text of a line for syntax', () => {
    const texts = ['-- a', '++ b', '@@ -1 +1 @@', 'x\rdiff --git', 'No newline \\ No newline at end of file']
    const unified = `@@ -1,2 +1,5 @@\n-${texts[0]}\n-x\n${texts.map((text) => `+${text}`).join('\n')}\n`
    const [hunk, ...rest] = parseHunks(unified)
    expect(rest).toEqual([])
    expect(hunk?.lines.filter(({ kind }) => kind === 'added').map(({ text }) => text)).toEqual(texts)
    expect(hunk?.lines[0]?.text).toBe('-- a')
  })

  it('knows a last line without an end', () => {
    const [hunk] = parseHunks('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n')
    expect(hunk?.lines.map(({ kind, endless }) => [kind, endless ?? false])).toEqual([
      ['removed', true],
      ['added', false],
    ])
  })

  it('reads a side without lines, and nothing at all', () => {
    expect(parseHunks('@@ -0,0 +1,2 @@\n+a\n+b\n')[0]).toMatchObject({ oldStart: 1, newStart: 1 })
    expect(parseHunks('')).toEqual([])
  })
})

describe('rows', () => {
  it('stand side by side, with what is folded before and after', () => {
    const { rows, changes, added, removed } = buildRows(parseHunks(sample), options)
    expect(told(rows)).toEqual(['fold 0: 2', 'three|three', 'four|4', '|4b', 'five|five', 'six|six', 'bar'])
    expect({ changes, added, removed }).toEqual({ changes: [2], added: 2, removed: 1 })
  })

  it('stand below each other, what was removed first', () => {
    const { rows } = buildRows(parseHunks(sample), { ...options, layout: 'inline' })
    expect(told(rows).slice(1, 6)).toEqual(['same three', 'removed four', 'added 4', 'added 4b', 'same five'])
  })

  it('unfold from either end once the content is known', () => {
    const hunks = parseHunks('@@ -5 +5 @@\n-x\n+y\n')
    const content = ['1', '2', '3', '4', 'y']
    const rows = (top: number, bottom: number): string[] =>
      told(buildRows(hunks, { ...options, content, unfolded: new Map([[0, { top, bottom }]]) }).rows)
    expect(rows(1, 1)).toEqual(['1|1', 'fold 0: 2', '4|4', 'x|y', 'bar'])
    expect(rows(9, 9)).toEqual(['1|1', '2|2', '3|3', '4|4', 'x|y', 'bar'])
  })

  it('have an end that is not known until the content is', () => {
    const hunks = parseHunks('@@ -1,4 +1,4 @@\n-x\n+y\n a\n b\n c\n')
    expect(told(buildRows(hunks, options).rows).at(-1)).toBe('fold 1: ?')
    const content = ['y', 'a', 'b', 'c', 'd', 'e']
    expect(told(buildRows(hunks, { ...options, content }).rows).at(-1)).toBe('fold 1: 2')
    expect(told(buildRows(hunks, { ...options, content: content.slice(0, 4) }).rows).at(-1)).toBe('bar')
  })

  it('count lines as the same that differ in white space, on request', () => {
    const hunks = parseHunks('@@ -1,2 +1,3 @@\n-a  b\n-c\n+new\n+  a b\n+d\n')
    const { rows, added, removed } = buildRows(hunks, { ...options, ignoreSpace: true })
    expect(told(rows)).toEqual(['|new', '  a b|  a b', 'c|d', 'bar'])
    expect({ added, removed }).toEqual({ added: 2, removed: 1 })
    const only = buildRows(parseHunks('@@ -1 +1 @@\n-a\n+ a\n'), { ...options, ignoreSpace: true })
    expect(told(only.rows)).toEqual([' a| a'])
    expect(only.changes).toEqual([])
  })
})

describe('the lines that a hunk puts back', () => {
  it('go from the first that changed to the last', () => {
    const [hunk] = parseHunks(sample)
    expect(changedRange(hunk!)).toEqual({ fromLine: 4, fromCount: 1, toLine: 4, toCount: 2 })
  })

  it('are told by the line before them where there are none', () => {
    const [added] = parseHunks('@@ -1,2 +1,3 @@\n a\n+x\n b\n')
    expect(changedRange(added!)).toEqual({ fromLine: 1, fromCount: 0, toLine: 2, toCount: 1 })
    const [all] = parseHunks('@@ -0,0 +1 @@\n+x\n')
    expect(changedRange(all!)).toEqual({ fromLine: 0, fromCount: 0, toLine: 1, toCount: 1 })
  })
})
