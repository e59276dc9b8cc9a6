import { describe, expect, it } from 'vitest'
import { bytesToText, textToBytes } from '../../../../src-main/engine/fuse/native/text-name.ts'

const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

describe('names as text', () => {
  it('go through bytes and back unchanged, in either normal form', () => {
    for (const text of ['a', '\u00e9', 'e\u0301', '\ufeffbom', '日本', '😀', 'new\nline']) {
      expect(textToBytes(text)).toBe(latin1(text))
      expect(bytesToText(latin1(text))).toBe(text)
    }
  })

  it('are none when bytes were lost or would be', () => {
    expect(bytesToText('\xff')).toBeNull()
    expect(bytesToText('cut \xe2\x82')).toBeNull()
    expect(bytesToText('\xed\xa0\x80')).toBeNull()
    expect(textToBytes('was \ufffd')).toBeNull()
    expect(bytesToText(latin1('\ufffd'))).toBeNull()
  })
})
