import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathToText, textToPath } from '../../src-preload/path-text.ts'

const bytes = (text: string): string => Buffer.from(text).toString('latin1')

describe('the text of a path', () => {
  it('is the path itself when that is UTF-8', () => {
    for (const text of [
      'notes.txt',
      'Ärger/é.txt',
      'e\u0301',
      '日本語',
      '🦀',
      '100%.txt',
      'a%20b',
      '%ff',
      '\ufeffbom',
      'a\nb',
    ]) {
      expect(pathToText(bytes(text))).toBe(text)
      expect(textToPath(text)).toBe(bytes(text))
    }
  })

  it('escapes bytes that are not UTF-8, and nothing beside them', () => {
    expect(pathToText('caf\xe9.txt')).toBe('caf%E9.txt')
    expect(pathToText('\xed\xa0\x80')).toBe('%ED%A0%80')
    expect(pathToText('\xc0\xaf')).toBe('%C0%AF')
    expect(pathToText(`${bytes('é')}\xff`)).toBe('é%FF')
    expect(pathToText('\xf0\x9f\xa6')).toBe('%F0%9F%A6')
  })

  it('escapes a percent sign only where it would be read as an escape', () => {
    expect(pathToText('a%FF')).toBe('a%25FF')
    expect(pathToText('a%25')).toBe('a%2525')
    expect(pathToText('%\xff')).toBe('%%FF')
    expect(pathToText('%7F')).toBe('%7F')
  })

  it('comes back as the same bytes, whatever they are', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
        fc.constantFrom('%', '%2', '%25', '%F', '%FF', '%8', 'A', bytes('é'), bytes('🦀'), '\xc3', '\xf0\x9f'),
      ),
    )
    fc.assert(
      fc.property(hostile, (parts) => {
        const path = parts.join('')
        expect(textToPath(pathToText(path))).toBe(path)
      }),
      { numRuns: 5000 },
    )
  })
})
