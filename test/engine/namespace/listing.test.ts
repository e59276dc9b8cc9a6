import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indexAfter, makeListing } from '../../../src-main/engine/namespace/listing.ts'

const names = fc.uniqueArray(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 6 }), { maxLength: 200 })

it('the order depends on the names alone, not on how they came', () => {
  fc.assert(
    fc.property(names, (list) => {
      expect(makeListing([...list].reverse())).toEqual(makeListing([...list]))
    }),
  )
})

it('cookies are distinct, grow, leave room for . and .., and lead to the next name', () => {
  fc.assert(
    fc.property(names, (list) => {
      const { names: ordered, cookies } = makeListing([...list])
      expect([...ordered].sort()).toEqual([...list].sort())
      let previous = 2
      cookies.forEach((cookie, i) => {
        expect(cookie).toBeGreaterThan(previous)
        expect(Number.isSafeInteger(cookie)).toBe(true)
        expect(indexAfter({ names: ordered, cookies }, cookie)).toBe(i + 1)
        previous = cookie
      })
      expect(indexAfter({ names: ordered, cookies }, 2)).toBe(0)
    }),
  )
})

it('who reads on after others came and went meets every name that stayed, once', () => {
  fc.assert(
    fc.property(names, names, fc.nat(200), (stay, other, stop) => {
      const come = other.filter((name) => !stay.includes(name))
      const before = makeListing([...stay, ...come.filter((_, i) => i % 2 === 0)])
      const after = makeListing([...stay, ...come.filter((_, i) => i % 2 === 1)])
      const read = before.names.slice(0, Math.min(stop, before.names.length))
      const cookie = read.length === 0 ? 2 : (before.cookies[read.length - 1] as number)
      const all = [...read, ...after.names.slice(indexAfter(after, cookie))].filter((name) => stay.includes(name))
      expect(all.sort()).toEqual([...stay].sort())
    }),
  )
})
