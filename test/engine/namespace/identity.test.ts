import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  decodeIdentity,
  encodeIdentity,
  IDENTITY_BYTES,
  identityNumber,
  type Identity,
} from '../../../src-main/engine/namespace/identity.ts'
import type { Ino, OpId } from '../../../src-main/engine/oplog/operation.ts'

const seconds = fc.integer({ min: -(2 ** 40), max: 2 ** 40 })
const nanoseconds = fc.nat(999_999_999)
const identity: fc.Arbitrary<Identity> = fc.record({
  ino: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((n) => n as Ino),
  mode: fc.nat(0o7777),
  sparse: fc.boolean(),
  ctimeSec: seconds,
  ctimeNsec: nanoseconds,
  btimeSec: seconds,
  btimeNsec: nanoseconds,
  applied: fc.nat(Number.MAX_SAFE_INTEGER).map((n) => n as OpId),
})

it('an identity comes back from its bytes, wherever they stand', () => {
  fc.assert(
    fc.property(identity, fc.nat(100), (one, offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset, 9), encodeIdentity(one), Buffer.alloc(5, 9)])
      expect(decodeIdentity(bytes, offset, IDENTITY_BYTES)).toEqual(one)
      expect(identityNumber(bytes, offset, IDENTITY_BYTES)).toBe(one.ino)
    }),
  )
})

it('bytes of another version, of another length, or without a number are no identity', () => {
  const bytes = encodeIdentity({
    ino: 5 as Ino,
    mode: 0o644,
    sparse: false,
    ctimeSec: 1,
    ctimeNsec: 2,
    btimeSec: 3,
    btimeNsec: 4,
    applied: 0,
  })
  expect(decodeIdentity(bytes, 0, IDENTITY_BYTES - 1)).toBeNull()
  const other = Buffer.from(bytes)
  other[0] = 2
  expect(decodeIdentity(other, 0, IDENTITY_BYTES)).toBeNull()
  expect(identityNumber(other, 0, IDENTITY_BYTES)).toBe(0)
  expect(decodeIdentity(Buffer.alloc(IDENTITY_BYTES, 0).fill(1, 0, 1), 0, IDENTITY_BYTES)).toBeNull()
})
