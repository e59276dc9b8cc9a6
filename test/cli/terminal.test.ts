import { describe, expect, it } from 'vitest'
import { columns, duration, size } from '../../src-main/cli/format.ts'
import { painter, safeName, safeText, wantsColours } from '../../src-main/cli/terminal.ts'

describe('text of others on a terminal', () => {
  it('cannot drive it', () => {
    expect(safeName('a\x1b]0;owned\x07b')).toBe('a\\x1b]0;owned\\x07b')
    expect(safeName('two\nlines\r\t\x9b1m')).toBe('two\\nlines\\x0d\\t\\x9b1m')
    expect(safeName('gpj.\u202etxt')).toBe('gpj.\\u{202e}txt')
    expect(safeText('tab\tand\nline\x1b[2J')).toBe('tab\tand\nline\\x1b[2J')
  })

  it('stays as it is when it is harmless', () => {
    for (const name of ['Ärger é 日本語 🦀.txt', "it's", '100%']) expect(safeName(name)).toBe(name)
  })
})

describe('colours', () => {
  it('come on a terminal only, and not against NO_COLOR', () => {
    expect(wantsColours(true, {})).toBe(true)
    expect(wantsColours(false, {})).toBe(false)
    expect(wantsColours(true, { NO_COLOR: '1' })).toBe(false)
    expect(wantsColours(true, { TERM: 'dumb' })).toBe(false)
    expect(wantsColours(false, { FORCE_COLOR: '1' })).toBe(true)
    expect(painter(false)('red', 'x')).toBe('x')
  })

  it('do not count as width', () => {
    const paint = painter(true)
    expect(
      columns([
        [paint('red', 'a'), 'x'],
        ['日本', 'y'],
      ]),
    ).toEqual([`${paint('red', 'a')}     x`, '日本  y'])
  })
})

describe('numbers', () => {
  it('are written as people read them', () => {
    expect([0, 1, 999, 1000, 12_345, 999_999, 2.5e9].map(size)).toEqual([
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 KB',
      '12 KB',
      '1.0 MB',
      '2.5 GB',
    ])
    expect([800, 12_000, 180_000, 7_200_000, 300_000_000].map(duration)).toEqual([
      '0.8 s',
      '12 s',
      '3 min',
      '2 h',
      '3 days',
    ])
  })
})
