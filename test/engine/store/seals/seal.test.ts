import { describe, expect, it } from 'vitest'
import { decodeSeal, encodeSeal, type Seal, sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'
import { someAddress, someSeals } from './some-seals.ts'

const [first, second] = someSeals(2) as [Buffer, Buffer]
const damaged = expect.objectContaining({ code: 'E_OBJECT_DAMAGED' }) as Error

it('says everything of a change on one canonical line', () => {
  expect(second.toString()).toBe(
    `{"version":1,"n":2,"tree":"${someAddress('tree')}","parents":["${sealAddress(first)}"],` +
      '"author":"Ada <ada@example.org>","time":[1764000002,123456789],"kind":"edit",' +
      '"message":"0000000000000002\\nedit: caf\u00e9.txt","pijul":{"state":"STATE2","change":"HASH2"},' +
      '"operations":[20,27],"programs":["git","vim"]}',
  )
  expect(sealAddress(second)).toBe(hashBytes(second, 'ize 2026-11 seal v1'))
})

it('comes back from its bytes, and gives them again', () => {
  const seal = decodeSeal(second)
  expect(seal).toMatchObject({ n: 2, programs: ['git', 'vim'], pijul: { change: 'HASH2' } })
  expect(encodeSeal(seal)).toEqual(second)
  expect(decodeSeal(first).parents).toEqual([])
})

it('is the same bytes in whatever order its facts were put together', () => {
  const turned = Object.fromEntries(Object.entries(decodeSeal(second)).reverse()) as Seal
  turned.pijul = { change: 'HASH2', state: 'STATE2' }
  expect(encodeSeal(turned)).toEqual(second)
})

it('is made again with the same address, and has another one whenever a fact is another', () => {
  expect(someSeals(5).map(sealAddress)).toEqual(someSeals(5).map(sealAddress))
  const other = someSeals(5, someAddress('another tree')).map(sealAddress)
  expect(new Set([...someSeals(5).map(sealAddress), ...other]).size).toBe(10)
})

describe('refuses', () => {
  const text = second.toString()
  const cases: Record<string, string | Uint8Array> = {
    nothing: '',
    'what is not JSON': text.slice(0, -1),
    'a space more': text.replace(',', ', '),
    'a line end': `${text}\n`,
    'a byte order mark': `\ufeff${text}`,
    'keys in another order': text.replace('"version":1,"n":2,', '"n":2,"version":1,'),
    'a key twice': text.replace('"n":2,', '"n":3,"n":2,'),
    'a key more': text.replace('"n":2,', '"n":2,"m":2,'),
    'a key less': text.replace('"kind":"edit",', ''),
    'another version': text.replace('"version":1', '"version":2'),
    'a number in another spelling': text.replace('"n":2', '"n":2.0'),
    'a letter in another spelling': text.replace('\u00e9', '\\u00e9'),
    'what is not UTF-8': Buffer.from(text, 'latin1'),
    'an address in upper case': text.replace(someAddress('tree'), someAddress('tree').toUpperCase()),
    'nanoseconds beyond a second': text.replace('123456789', '1234567890'),
    'a program twice': text.replace('"git","vim"', '"vim","vim"'),
    'programs in another order': text.replace('"git","vim"', '"vim","git"'),
    'a second seal without a parent': text.replace(/"parents":\[[^\]]*\]/, '"parents":[]'),
    'a first seal with one': text.replace('"n":2', '"n":1'),
    'number 0': first.toString().replace('"n":1', '"n":0'),
  }
  it.each(Object.entries(cases))('%s', (_, bytes) => {
    expect(() => decodeSeal(Buffer.from(bytes))).toThrow(damaged)
  })
})
