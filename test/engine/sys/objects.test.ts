import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as native from '../../../src-main/engine/sys/native.ts'
import { newPlace, O_CREAT, O_DIRECTORY, O_RDONLY, O_RDWR, O_TRUNC, segments, type Place } from './place.ts'

const LEVEL = 3
const text = 'a line of a text that is kept\n'.repeat(100)

function newStore(): { place: Place; objects: number; file: (hash: string) => string } {
  const place = newPlace()
  mkdirSync(join(place.path, 'objects'))
  const objects = place.open('objects', O_RDONLY | O_DIRECTORY)
  return { place, objects, file: (hash) => join(place.path, 'objects', hash.slice(0, 2), hash.slice(2)) }
}

function source(place: Place, bytes: string | Uint8Array): { fd: number; length: number } {
  writeFileSync(join(place.path, 'source'), bytes)
  return { fd: place.open('source', O_RDONLY), length: Buffer.byteLength(bytes) }
}

test('an object is stored once and comes back checked', async () => {
  const { place, objects, file } = newStore()
  const { fd, length } = source(place, text)
  const stored = native.storeObject(objects, segments([fd, 0, length]), LEVEL, 1e6)
  expect(stored).toEqual({
    hash: native.hashBytes(Buffer.from(text), 'ize 2026-11 blob v1'),
    size: length,
    storedSize: readFileSync(file(stored.hash)).length,
    text: true,
    content: Buffer.from(text),
  })
  expect(stored.storedSize).toBeLessThan(length / 10)
  const again = native.storeBuffer(objects, Buffer.from(text), LEVEL)
  expect(again).toEqual({ ...stored, storedSize: 0, content: null })
  expect(native.readObject(objects, stored.hash, length).toString()).toBe(text)
  const out = place.open('out', O_CREAT | O_TRUNC | O_RDWR)
  expect(await native.copyObject(objects, stored.hash, out)).toBe(length)
  expect(readFileSync(join(place.path, 'out'), 'utf8')).toBe(text)
  expect(readdirSync(join(place.path, 'objects', 'tmp'))).toEqual([])
})

test('many objects keep their order, and only text that is short comes back', async () => {
  const { place, objects } = newStore()
  const { fd } = source(place, Buffer.concat([Buffer.from(text), Buffer.from([0, 255, 254])]))
  const jobs = Array.from({ length: 300 }, (_, i) => segments([fd, i, 10 + i]))
  jobs.push(segments([fd, text.length, 3]), segments([-1, 0, 5e6]))
  const stored = await native.storeObjects(objects, jobs, LEVEL, 100)
  expect(stored.map((one) => one.size)).toEqual([...Array.from({ length: 300 }, (_, i) => 10 + i), 3, 5e6])
  expect(stored.slice(0, 91).every((one, i) => one.content?.toString() === text.slice(i, i + i + 10))).toBe(true)
  expect(stored.slice(91).every((one) => one.content === null)).toBe(true)
  expect(stored.slice(299).map((one) => one.text)).toEqual([true, false, false])
  expect(await native.storeObjects(objects, [], LEVEL, 0)).toEqual([])
})

test('damage is named, whoever reads', async () => {
  const { place, objects, file } = newStore()
  const { hash } = native.storeBuffer(objects, Buffer.from(text), LEVEL)
  const good = readFileSync(file(hash))
  chmodSync(file(hash), 0o644)
  const out = place.open('out', O_CREAT | O_RDWR)
  for (const at of [0, 4, 5, 8, 16, good.length - 1]) {
    const bad = Buffer.from(good)
    bad[at] = (bad[at] ?? 0) ^ 1
    writeFileSync(file(hash), bad)
    const damaged = expect.objectContaining({
      code: 'EIZE_OBJECT_DAMAGED',
      message: expect.stringContaining(hash) as string,
    })
    expect(() => native.readObject(objects, hash, 1e6)).toThrow(damaged)
    await expect(native.copyObject(objects, hash, out)).rejects.toThrow(damaged)
  }
  expect(readFileSync(join(place.path, 'out'))).toHaveLength(0)
})

test('what is missing, too large or no address has a code', async () => {
  const { place, objects } = newStore()
  const code = (code: string): unknown => expect.objectContaining({ code })
  const { hash } = native.storeBuffer(objects, Buffer.from(text), LEVEL)
  expect(() => native.readObject(objects, 'ab'.repeat(32), 10)).toThrow(code('EIZE_OBJECT_MISSING'))
  expect(() => native.readObject(objects, hash, 10)).toThrow(code('EIZE_OBJECT_LARGE'))
  expect(() => native.readObject(objects, '../x', 10)).toThrow(code('EIZE_OBJECT_ADDRESS'))
  await expect(native.copyObject(objects, 'ab'.repeat(32), 1)).rejects.toThrow(code('EIZE_OBJECT_MISSING'))
  const { fd, length } = source(place, text)
  expect(() => native.storeObject(objects, segments([fd, 0, length + 1]), LEVEL, 0)).toThrow(code('EIO'))
  expect(() => native.storeObject(objects, new Float64Array([1, 2]), LEVEL, 0)).toThrow(code('EINVAL'))
  expect(() => native.storeBuffer(-1, Buffer.from('new'), LEVEL)).toThrow(code('EBADF'))
  await expect(native.storeObjects(objects, [segments([987_654, 0, 1])], LEVEL, 0)).rejects.toThrow(code('EBADF'))
})

test('a hash belongs to its context', () => {
  const bytes = Buffer.from('abc')
  expect(native.hashBytes(bytes, 'one')).toMatch(/^[0-9a-f]{64}$/)
  expect(native.hashBytes(bytes, 'one')).not.toBe(native.hashBytes(bytes, 'two'))
})

test('a diff is unified, in bytes, and marks a missing newline', () => {
  const diff = native.diffUnified(Buffer.from('a\nb\r\n\xe9', 'latin1'), Buffer.from('a\nb\n\xe9\n', 'latin1'), 3, 1000)
  expect(diff.toString('latin1')).toBe('@@ -1,3 +1,3 @@\n a\n-b\r\n-\xe9\n\\ No newline at end of file\n+b\n+\xe9\n')
  expect(native.diffUnified(Buffer.from(text), Buffer.from(text), 3, 1000)).toHaveLength(0)
})
