import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeRecord, fieldsLength, readFrame, RECORD_HEAD } from '../../../src-main/engine/oplog/codec.ts'
import type { NewOperation } from '../../../src-main/engine/oplog/operation.ts'
import { decodeRecord } from '../../../src-main/engine/oplog/record-decoder.ts'
import { RECORD_TYPES } from '../../../src-main/engine/oplog/record-types.ts'
import { plainWrite, step } from './operations.ts'

function encode(
  op: NewOperation,
  id: number,
  synced: number,
  dataLength: number,
  at: number,
): { bytes: Buffer; view: DataView } {
  const fields = fieldsLength(op)
  const bytes = Buffer.alloc(at + RECORD_HEAD + fields, 0xaa)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  bytes.fill(0, at, at + 4)
  encodeRecord(op, id, synced, bytes, view, at, fields, dataLength)
  return { bytes, view }
}

test('every operation comes back from its bytes as it was', () => {
  fc.assert(
    fc.property(
      step,
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.integer({ min: 0, max: 9 }),
      ({ op, data }, id, synced, at) => {
        const { bytes, view } = encode(op, id, synced, data.length, at)
        expect(decodeRecord(bytes, view, at)).toEqual({ ...op, id })
        expect(readFrame(view, at)).toMatchObject({ id, synced, length: RECORD_HEAD + fieldsLength(op) + data.length })
        expect(bytes.subarray(0, at).every((byte) => byte === 0xaa)).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a decoded attribute value is a copy that outlives the buffer', () => {
  const op: NewOperation = {
    ...plainWrite(1, new Uint8Array(0)).op,
    type: 'setxattr',
    name: 'user.x',
    value: new Uint8Array([1, 2, 3]),
  }
  const { bytes, view } = encode(op, 1, 0, 0, 0)
  const decoded = decodeRecord(bytes, view, 0)
  bytes.fill(0)
  expect(decoded.type === 'setxattr' && [...decoded.value]).toEqual([1, 2, 3])
})

test('a record of a later Ize is refused by name', () => {
  const { bytes, view } = encode(plainWrite(1, new Uint8Array(0)).op, 7, 0, 0, 0)
  bytes[16] = 200
  expect(() => decodeRecord(bytes, view, 0)).toThrow(
    expect.objectContaining({ code: 'E_LOG_VERSION', message: expect.stringContaining('Operation 7') as string }),
  )
  bytes[16] = RECORD_TYPES.write
  bytes[17] = 2
  expect(() => decodeRecord(bytes, view, 0)).toThrow(expect.objectContaining({ code: 'E_LOG_VERSION' }))
})

test('fields that reach past the record are refused', () => {
  const { bytes, view } = encode({ ...plainWrite(1, new Uint8Array(0)).op, type: 'link', from: 'a' }, 7, 0, 0, 0)
  bytes.writeUInt32LE(1000, bytes.length - 5)
  expect(() => decodeRecord(bytes, view, 0)).toThrow(expect.objectContaining({ code: 'E_LOG_DAMAGED' }))
})

test('no two types share a number', () => {
  const numbers = Object.values(RECORD_TYPES)
  expect(new Set(numbers).size).toBe(numbers.length)
})
