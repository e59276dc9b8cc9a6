import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathFromPijul, pijulPath } from '../../../src-main/engine/recorder/pijul-names.ts'
import { pointerText } from '../../../src-main/engine/recorder/pijul-pointer.ts'

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const name = fc
  .uint8Array({ minLength: 1, maxLength: 255 })
  .map((bytes) => Buffer.from(bytes).toString('latin1').replace(/[\0/]/g, '%'))
const awkward = fc
  .array(fc.constantFrom('%', '%2', '%41', '%~', '~', 'F', 'FF', '\xff', '\xc3', '\xa4', '\n', '.pijul', 'a'), {
    minLength: 1,
    maxLength: 20,
  })
  .map((parts) => parts.join(''))
const path = fc.array(fc.oneof(name, awkward), { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))

describe('names for Pijul', () => {
  it.each([
    ['plain/path.txt', 'plain/path.txt'],
    ['100%', '100%'],
    ['100%25 sure', '100%2525 sure'],
    [latin1('größe ö'), 'größe ö'],
    ['caf\xe9', 'caf%E9'],
    ['.pijul/config', '%2Epijul/config'],
    ['a/.pijul', 'a/%2Epijul'],
    ['.pijulx', '.pijulx'],
    ['.ignore/a', '%2Eignore/a'],
    ['.ignored', '.ignored'],
    ['a/.ignore', 'a/.ignore'],
    ['two\nlines', 'two%0Alines'],
    ['%~', '%25~'],
  ])('%j is %j', (bytes, text) => {
    expect(pijulPath(bytes)).toBe(text)
    expect(pathFromPijul(text)).toBe(bytes)
  })

  it('are valid UTF-8 of at most 255 bytes a component, and come back', () => {
    fc.assert(
      fc.property(path, (bytes) => {
        const text = pijulPath(bytes)
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
        for (const component of text.split('/')) {
          expect(Buffer.byteLength(component)).toBeLessThanOrEqual(255)
          expect(component).not.toBe('.pijul')
          expect(component).not.toBe('')
        }
        expect(text.split('/').length).toBe(bytes.split('/').length)
        const back = pathFromPijul(text)
        if (back === null) expect(text).toContain('%~')
        else expect(back).toBe(bytes)
      }),
      { numRuns: 3000 },
    )
  })

  it('that grow too long keep their beginning and stay different', () => {
    const one = pijulPath('\xff'.repeat(255))
    const two = pijulPath(`${'\xff'.repeat(254)}\xfe`)
    expect(one).not.toBe(two)
    expect(one).toMatch(/^(%FF){73}%~[0-9a-f]{32}$/)
    expect(pathFromPijul(one)).toBeNull()
  })

  it('of 255 bytes of valid text stay as they are', () => {
    expect(pijulPath(latin1(`${'ä'.repeat(127)}x`))).toBe(`${'ä'.repeat(127)}x`)
  })
})

describe('pointers', () => {
  it('are a few readable lines', () => {
    expect(pointerText({ kind: 'file', size: 12, object: 'ab'.repeat(32) }).toString()).toBe(
      `This file stands for content that Ize keeps beside Pijul; "ize export" brings it back.\nkind: file\nsize: 12\nblake3: ${'ab'.repeat(32)}\n`,
    )
    expect(pointerText({ kind: 'symlink', target: '../a\nb\xff' }).toString()).toContain(
      '\nkind: symlink\ntarget: ../a%0Ab%FF\n',
    )
    expect(pointerText({ kind: 'special', mode: 0o010644, rdev: 0 }).toString()).toMatch(/\nkind: fifo\n$/)
    expect(pointerText({ kind: 'special', mode: 0o060660, rdev: 0x0801 }).toString()).toMatch(
      /\nkind: block device\ndevice: 8:1\n$/,
    )
  })
})
