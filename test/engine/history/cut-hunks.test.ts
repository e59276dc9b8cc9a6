import { describe, expect, it } from 'vitest'
import { cutHunks } from '../../../src-main/engine/history/cut-hunks.ts'
import { diffUnified } from '../../../src-main/engine/sys/native.ts'

const diff = (a: string, b: string) => Buffer.from(diffUnified(Buffer.from(a), Buffer.from(b), 3, 60_000))
const cut = (a: string, b: string) => {
  const { hunks, cut } = cutHunks(diff(a, b))
  return { text: hunks.toString(), cut }
}

describe('hunks for a window', () => {
  it('are left as they are where they are short', () => {
    const hunks = diff('a\nb\nc', 'a\nB\nc')
    expect(cutHunks(hunks)).toEqual({ hunks, cut: null })
  })

  it('show of a very long line where it begins to differ, and say how much is left out', () => {
    const line = 'x'.repeat(5_000_000)
    const { text, cut: told } = cut(line, `${line.slice(0, 3_000_000)}HERE${line.slice(3_000_000)}`)
    expect(told).toEqual({ lines: 2, more: 0 })
    expect(text.length).toBeLessThan(5000)
    const [header, removed, , added, ending] = text.split('\n')
    expect([header, ending]).toEqual(['@@ -1 +1 @@', '\\ No newline at end of file'])
    expect(removed).toMatch(/^-\[… 2999800 bytes …\]x{2000}\[… 1998200 bytes …\]$/)
    expect(added).toMatch(/^\+\[… 2999800 bytes …\]x{200}HEREx{1796}\[… 1998204 bytes …\]$/)
  })

  it('cut no character in two, and keep the ends of lines', () => {
    const { text } = cut(`${'é'.repeat(2000)}\nb\n`, `${'é'.repeat(2000)}!\nb\n`)
    expect(text).not.toContain('\ufffd')
    expect(text.split('\n').map((line) => line.slice(0, 1))).toEqual(['@', '-', '+', ' ', ''])
    expect(text).toMatch(/é!\n b\n$/)
  })

  it('end where there are too many, with headers that fit', () => {
    const side = (mark: string) => Array.from({ length: 50_000 }, (_, n) => `${mark} ${n} ${'.'.repeat(60)}\n`).join('')
    const { text, cut: told } = cut(side('a'), side('b'))
    const lines = text.split('\n').slice(0, -1)
    expect(lines[0]).toBe(`@@ -1,${lines.length - 1} +1,0 @@`)
    expect(told).toEqual({ lines: 0, more: 100_000 - (lines.length - 1) })
    const some = Array.from({ length: 60_000 }, (_, n) => `${n} ${'.'.repeat(60)}\n`)
    const changed = some.map((line, n) => (n % 10 === 0 ? `new ${line}` : line))
    const many = cut(some.join(''), changed.join(''))
    expect(many.cut?.more).toBeGreaterThan(0)
    for (const hunk of many.text.split(/^(?=@@)/m)) {
      const [header = '', ...body] = hunk.split('\n').slice(0, -1)
      const [, from, to] = /^@@ -\d+,(\d+) \+\d+,(\d+) @@$/.exec(header) ?? []
      expect([from, to].map(Number)).toEqual(
        ['-', '+'].map((mark) => body.filter((line) => line.startsWith(mark) || line.startsWith(' ')).length),
      )
    }
  })
})
