import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { errno } from '../../../src-main/engine/sys/errno.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { bytes, newPlace, O_CREAT, O_RDWR, O_WRONLY, segments } from './place.ts'

const MIB = 2 ** 20
const SEEK_DATA = 3
const SEEK_HOLE = 4
/** The check value of CRC-32C for "123456789" (RFC 3720). */
const CHECK = 0xe3069283

test('crc32c is that of the standard, and continues', () => {
  const digits = bytes('..123456789..')
  expect(native.crc32c(digits, 2, 9, 0)).toBe(CHECK)
  expect(native.crc32c(digits, 6, 5, native.crc32c(digits, 2, 4, 0))).toBe(CHECK)
  expect(native.crc32c(digits, 0, 0, 0)).toBe(0)
  expect(() => native.crc32c(digits, 5, 9, 0)).toThrow('within')
})

test('a record is written with its checksum, where it belongs', () => {
  const place = newPlace()
  const fd = place.open('log', O_CREAT | O_RDWR)
  const buffer = bytes('xx____123456789yy')
  expect(native.appendRecord(fd, buffer, 2, 13, 2 ** 33, 0)).toBe(13)
  expect(buffer.readUInt32LE(2)).toBe(CHECK)
  const back = new Uint8Array(20)
  expect(native.readAt(fd, back, 3, 17, 2 ** 33)).toBe(13)
  expect(Buffer.from(back.subarray(3, 16))).toEqual(buffer.subarray(2, 15))
  expect(native.appendRecord(fd, buffer, 2, 3, 0, 0)).toBe(-errno.EINVAL)
  expect(native.appendRecord(fd, buffer, 10, 13, 0, 0)).toBe(-errno.EINVAL)
  expect(native.appendRecord(-1, buffer, 0, 8, 0, 0)).toBe(-errno.EBADF)
})

test('reads and writes name their range', () => {
  const place = newPlace()
  const fd = place.open('file', O_CREAT | O_RDWR)
  expect(native.writeAt(fd, bytes('--hello--'), 2, 5, 1)).toBe(5)
  expect(readFileSync(join(place.path, 'file'), 'latin1')).toBe('\0hello')
  const out = new Uint8Array(4)
  expect(native.readAt(fd, out, 0, 4, 4)).toBe(2)
  expect(native.readAt(fd, out, 0, 5, 0)).toBe(-errno.EINVAL)
  expect(native.readAt(fd, out, -1, 2, 0)).toBe(-errno.EINVAL)
  expect(native.writeReply(fd, bytes('HE'), 0, 2)).toBe(2)
  expect(native.truncateFd(fd, 3)).toBe(0)
  expect(readFileSync(join(place.path, 'file'), 'latin1')).toBe('HEe')
  expect([native.syncData(fd), native.syncAll(fd), native.syncFileSystem(fd), native.syncRange(fd, 0, 3)]).toEqual([
    0, 0, 0, 0,
  ])
  expect(native.syncData(-1)).toBe(-errno.EBADF)
})

test('holes are made, found and kept by a sparse copy', () => {
  const place = newPlace()
  const from = place.open('from', O_CREAT | O_RDWR)
  const to = place.open('to', O_CREAT | O_RDWR)
  expect(native.allocate(from, 0, 0, MIB)).toBe(0)
  native.writeAt(from, bytes('data'), 0, 4, 0)
  native.writeAt(from, bytes('data'), 0, 4, 32 * MIB)
  const [hole, data] = [native.seekFrom(from, 0, SEEK_HOLE), native.seekFrom(from, 2 * MIB, SEEK_DATA)]
  expect([hole <= MIB, data]).toEqual([true, 32 * MIB])
  expect(native.seekFrom(from, 40 * MIB, SEEK_DATA)).toBe(-errno.ENXIO)
  expect(native.copyRange(from, 0, to, 5, 64 * MIB, true)).toBe(32 * MIB + 4)
  const copy = statSync(join(place.path, 'to'))
  expect(copy.size).toBe(32 * MIB + 9)
  expect(copy.blocks * 512).toBeLessThan(3 * MIB)
  expect(native.copyRange(from, 32 * MIB, to, 0, 3, false)).toBe(3)
  expect(readFileSync(join(place.path, 'to')).subarray(0, 9).toString()).toBe('dat\0\0data')
})

test('a file is made from pieces in one call, and again after a crash', () => {
  const place = newPlace()
  writeFileSync(join(place.path, 'log'), '0123456789')
  const log = place.open('log', O_RDWR)
  const make = (name: string, list: Float64Array): number =>
    native.materialize(place.fd, name, list, 20, 0o755, -1, -1, ['user.a'], [bytes('\xff')], bytes('id'), 1, 2, 3, 4)
  for (let round = 0; round < 2; round++) {
    expect(make('new\xff', segments([log, 2, 3], [-1, 0, 4], [log, 9, 1]))).toBe(0)
    const row = new Float64Array(native.STAT_WORDS)
    expect(native.statIdentity(place.fd, 'new\xff', row, new Uint8Array(64))).toBe(2)
    expect([row[6], row[8], row[9], row[10], row[11]]).toEqual([20, 1, 2, 3, 4])
    expect((row[0] ?? 0) & 0o7777).toBe(0o755)
    expect(native.getXattr(place.fd, 'new\xff', 'user.a')).toEqual(bytes('\xff'))
  }
  const out = new Uint8Array(20)
  native.readAt(place.open('new\xff', O_RDWR), out, 0, 20, 0)
  expect(Buffer.from(out).toString('latin1')).toBe(`234\0\0\0\x009${'\0'.repeat(12)}`)
  expect(make('short', segments([log, 8, 3]))).toBe(-errno.EIO)
  expect(native.statIdentity(place.fd, 'short', new Float64Array(15), out)).toBe(-errno.ENOENT)
  expect(native.writeSegments(place.open('w', O_CREAT | O_WRONLY), 2, segments([log, 0, 2], [log, 5, 1]))).toBe(3)
  expect(readFileSync(join(place.path, 'w'), 'latin1')).toBe('\0\x00015')
})

test('the space of a file system is told', () => {
  const place = newPlace()
  const out = new Float64Array(9)
  expect(native.statFs(place.fd, out)).toBe(0)
  const [blockSize = 0, blocks = 0, free = 0, , , , nameLength] = out
  expect(blockSize * blocks).toBeGreaterThan(0)
  expect(free).toBeLessThanOrEqual(blocks)
  expect(nameLength).toBe(255)
  expect(native.statFs(-1, out)).toBe(-errno.EBADF)
})
