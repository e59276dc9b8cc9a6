import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesSealName, parseSealName, sealName } from '../../../../src-main/engine/store/seals/seal-name.ts'
import { adjectives, adverbs, nouns, verbs } from '../../../../src-main/engine/store/seals/seal-words.ts'
import { someAddress } from './some-seals.ts'

const lists = [adjectives, nouns, verbs, adverbs]
const nonsense = expect.objectContaining({ code: 'E_SEAL_NAME' }) as Error
const name = sealName(someAddress('a seal'))
const [adjective, noun, verb, adverb, digits] = name.split('-') as [string, string, string, string, string]

describe('the words', () => {
  it('are 256 in each list, each in one list only', () => {
    expect(lists.map((list) => list.length)).toEqual([256, 256, 256, 256])
    expect(new Set(lists.flat()).size).toBe(1024)
  })

  it('are short, lower-case ASCII, and cannot be taken for digits', () => {
    expect(lists.flat().filter((word) => !/^[a-z]{3,9}$/.test(word) || /^[0-9a-f]+$/.test(word))).toEqual([])
  })

  it('keep their places, since names are made of them', () => {
    expect(sealName('00'.repeat(32))).toBe('able-acorn-acts-ably-00000000')
    expect(sealName('ff'.repeat(32))).toBe(lists.map((list) => list.at(-1)).join('-') + '-ffffffff')
    expect(someAddress(lists.flat().join(' '))).toBe('2ddfd5b9cda5428e970e2710e9424aab3f9933e4ea5fff0784a5d10f55550240')
  })
})

it('names a seal by four words and the digits that its address begins with', () => {
  expect(name).toMatch(/^[a-z]+-[a-z]+-[a-z]+-[a-z]+-[0-9a-f]{8}$/)
  expect(digits).toBe(someAddress('a seal').slice(0, 8))
  expect(sealName('447abe9b00010203' + '0'.repeat(48))).toBe(
    [adjectives[0], nouns[1], verbs[2], adverbs[3], '447abe9b'].join('-'),
  )
})

it('is found by any part of it', () => {
  const queries = [
    name,
    digits,
    digits.slice(0, 4),
    noun,
    `${adjective}-${noun}`,
    `${adjective} ${noun}`,
    `${noun}-${adverb}`,
    `${verb}-${digits.slice(0, 5)}`,
    ` ${noun.toUpperCase()} `,
  ]
  for (const query of queries) expect([query, matchesSealName(parseSealName(query), name)]).toEqual([query, true])
})

it('is not found by what another seal is named', () => {
  const other = nouns.find((word) => word !== noun)!
  const wrongDigit = digits.slice(0, 7) + (digits.endsWith('0') ? '1' : '0')
  for (const query of [other, wrongDigit, `${other}-${digits}`, `${adjective}-${other}`, `${noun}-${wrongDigit}`]) {
    expect([query, matchesSealName(parseSealName(query), name)]).toEqual([query, false])
  }
})

it('says what is wrong with what no seal can be named', () => {
  for (const query of [
    '',
    ' ',
    '-',
    '447',
    digits + '0',
    'swift-unicycle',
    `${noun}-${adjective}`,
    `${noun}-${noun}`,
  ]) {
    expect(() => parseSealName(query)).toThrow(nonsense)
  }
  expect(() => parseSealName('swift-unicycle')).toThrow(/no seal has "unicycle" in its name/)
  expect(() => parseSealName('447')).toThrow(/4 to 8 of the digits/)
  expect(() => parseSealName(`${noun}-${adjective}`)).toThrow(/stands elsewhere/)
  expect(() => parseSealName(`${digits}-${noun}`)).toThrow(nonsense)
})

it('either finds or refuses any text, and finds every name by itself', () => {
  fc.assert(
    fc.property(fc.string(), (query) => {
      try {
        matchesSealName(parseSealName(query), name)
      } catch (error) {
        expect(error).toMatchObject({ code: 'E_SEAL_NAME' })
      }
    }),
  )
  fc.assert(
    fc.property(fc.nat(), (n) => {
      const any = sealName(someAddress(String(n)))
      expect(matchesSealName(parseSealName(any), any)).toBe(true)
    }),
  )
})
