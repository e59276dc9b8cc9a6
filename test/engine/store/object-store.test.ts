import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'

let folder: string
let objects: string
let store: ObjectStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-objects-'))
  objects = join(folder, 'objects')
  mkdirSync(join(objects, 'tmp'), { recursive: true })
  store = ObjectStore.open(objects)
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const fileOf = (hash: string) => join(objects, hash.slice(0, 2), hash.slice(2))
const code = (code: string) => expect.objectContaining({ name: 'IzeError', code }) as Error

it('gives back what was put, under an address that depends on the bytes alone', () => {
  const text = store.put(Buffer.from('text'))
  expect(text).toMatchObject({ size: 4, text: true })
  expect(store.put(Buffer.from('text'))).toMatchObject({ hash: text.hash, storedSize: 0 })
  expect(store.read(text.hash, 4).toString()).toBe('text')
  expect(store.put(Buffer.from([0xff, 0])).text).toBe(false)
  expect(store.read(store.put(Buffer.alloc(0)).hash, 0)).toHaveLength(0)
})

it('puts many files at once, in order, holes as zeros', async () => {
  const source = join(folder, 'source')
  writeFileSync(source, 'abcdef')
  const fd = openSync(source, 'r')
  const [whole, part, hole] = await store.putAll(
    [Float64Array.of(fd, 0, 6), Float64Array.of(fd, 2, 2, fd, 0, 1), Float64Array.of(-1, 0, 100_000, fd, 5, 1)],
    10,
  )
  closeSync(fd)
  expect(whole?.content?.toString()).toBe('abcdef')
  expect(store.read(part?.hash ?? '', 10).toString()).toBe('cda')
  expect(store.read(hole?.hash ?? '', 200_000)).toEqual(Buffer.concat([Buffer.alloc(100_000), Buffer.from('f')]))
})

it('streams an object into a file', async () => {
  const bytes = Buffer.alloc(5_000_000, 'stream')
  const { hash } = store.put(bytes)
  const target = join(folder, 'target')
  const fd = openSync(target, 'w')
  expect(await store.copyTo(hash, fd)).toBe(bytes.length)
  closeSync(fd)
  expect(readFileSync(target).equals(bytes)).toBe(true)
})

it('names what is missing, damaged or too large', async () => {
  const { hash } = store.put(Buffer.from('x'.repeat(100)))
  expect(() => store.read(hash, 99)).toThrow(code('E_OBJECT_LARGE'))
  const bytes = readFileSync(fileOf(hash))
  const last = bytes.length - 1
  bytes[last] = (bytes[last] ?? 0) ^ 1
  writeFileSync(fileOf(hash), bytes)
  expect(() => store.read(hash, 1000)).toThrow(code('E_OBJECT_DAMAGED'))
  rmSync(fileOf(hash))
  expect(() => store.read(hash, 1000)).toThrow(code('E_OBJECT_MISSING'))
  const fd = openSync(join(folder, 'target'), 'w')
  await expect(store.copyTo(hash, fd)).rejects.toThrow(code('E_OBJECT_MISSING'))
  closeSync(fd)
})

it('leaves no temporary files behind', () => {
  for (let n = 0; n < 50; n++) store.put(Buffer.from(`${n}`))
  expect(readdirSync(join(objects, 'tmp'))).toEqual([])
})

it('refuses a directory that is not there', () => {
  expect(() => ObjectStore.open(join(folder, 'none'))).toThrow(code('E_OBJECTS'))
})
