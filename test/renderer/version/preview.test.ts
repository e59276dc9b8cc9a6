import { describe, expect, it } from 'vitest'
import { contentKind } from '../../../src-renderer/version/preview/content-kind.ts'
import { BYTES, hexRow, PART, partsOf, rowsOfPart } from '../../../src-renderer/version/preview/hex-layout.ts'
import { parseInline, parseMarkdown } from '../../../src-renderer/version/preview/markdown.ts'

describe('bytes', () => {
  it('stand in rows of sixteen, with what is printable beside them', () => {
    const row = hexRow(0x20, new TextEncoder().encode('Ize \u0000!'))
    expect(row.offset).toBe('00000020')
    expect(row.hex.trimEnd()).toBe('49 7a 65 20 00 21')
    expect(row.text).toBe('Ize ·!')
    expect(hexRow(0, new Uint8Array(BYTES)).hex).toHaveLength(48)
  })

  it('come in parts that can be laid out', () => {
    expect(rowsOfPart(17, 0)).toBe(2)
    expect(partsOf(0)).toBe(1)
    expect(partsOf(PART + 1)).toBe(2)
    expect(rowsOfPart(PART + 1, 1)).toBe(1)
  })
})

describe('what a content is shown as', () => {
  it('follows its name, what the engine found and its size', () => {
    const kind = (path: string, text = true, size = 100): string => contentKind(path, text, size, 1000)
    expect(kind('a/b.PNG', false)).toBe('image')
    expect(kind('a.md')).toBe('markdown')
    expect(kind('a.txt')).toBe('text')
    expect(kind('a.txt', true, 2000)).toBe('hex')
    expect(kind('.png')).toBe('text')
    expect(kind('a.bin', false)).toBe('hex')
    expect(kind('a.pdf', false)).toBe('pdf')
  })
})

describe('Markdown', () => {
  it('is read into blocks', () => {
    const text =
      '# Title\n\nsome *text*\nhere\n\n- one\n- two\n  - deep\n\n```js\n<b>\n```\n\n> quoted\n\n---\n\n|a|b|\n|-|-|\n|1|2|\n'
    const blocks = parseMarkdown(text)
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'list', 'code', 'quote', 'rule', 'table'])
    const list = blocks[2]
    expect(list?.kind === 'list' && list.items.map((item) => item.map(({ kind }) => kind))).toEqual([
      ['paragraph'],
      ['paragraph', 'list'],
    ])
    expect(blocks[3]).toEqual({ kind: 'code', text: '<b>' })
  })

  it('leaves HTML as text, links inert and pictures unfetched', () => {
    expect(parseInline('<img src=x onerror=1> [a](javascript:x) ![p](http://h/p.png) `c` **b**')).toEqual([
      { kind: 'text', text: '<img src=x onerror=1> ' },
      { kind: 'link', text: 'a', target: 'javascript:x' },
      { kind: 'text', text: ' ' },
      { kind: 'picture', text: 'p', target: 'http://h/p.png' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'c' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', children: [{ kind: 'text', text: 'b' }] },
    ])
  })

  it('is read to its end whatever it holds', () => {
    for (const text of [
      '>'.repeat(500),
      '- '.repeat(500),
      '*'.repeat(5000),
      '`'.repeat(5001),
      '['.repeat(5000),
      '```',
    ]) {
      expect(() => parseMarkdown(text)).not.toThrow()
    }
  })
})
