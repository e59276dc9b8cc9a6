import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contentAddress, ObjectStore } from '../../../src-main/engine/store/object-store.ts'

let folder: string
let objects: string
let store: ObjectStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-objects-'))
  objects = join(folder, 'objects')
  mkdirSync(objects)
  store = ObjectStore.open(objects, { write: true })
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

const pack = () => join(objects, 'pack', `${'1'.padStart(16, '0')}.pack`)
const code = (code: string) => expect.objectContaining({ name: 'IzeError', code }) as Error

/** Puts bytes by way of a file, as all contents are. */
function put(bytes: Uint8Array | string, keepUpTo = 0, previous?: string) {
  const source = join(folder, 'source')
  writeFileSync(source, bytes)
  const fd = openSync(source, 'r')
  const job = { segments: Float64Array.of(fd, 0, Buffer.byteLength(bytes)), hint: 'txt' }
  try {
    return store.putContent(previous === undefined ? job : { ...job, previous }, keepUpTo)
  } finally {
    closeSync(fd)
  }
}

it('gives back what was put, under an address that depends on the bytes alone', () => {
  const text = put('text', 4)
  expect(text).toMatchObject({ size: 4, text: true, fresh: 4 })
  expect(text.content?.toString()).toBe('text')
  expect(put('text')).toMatchObject({ hash: text.hash, fresh: 0, content: null })
  expect(store.read(text.hash, 4).toString()).toBe('text')
  expect(put(Buffer.from([0xff, 0])).text).toBe(false)
  expect(store.read(put('').hash, 0)).toHaveLength(0)
})

it('puts many files at once, in order, holes as zeros', async () => {
  const source = join(folder, 'source')
  writeFileSync(source, 'abcdef')
  const fd = openSync(source, 'r')
  const hole = Float64Array.of(-1, 0, 1_000_000, fd, 5, 1)
  const segments = [Float64Array.of(fd, 0, 6), Float64Array.of(fd, 2, 2, fd, 0, 1), hole]
  const [whole, part, zeros] = await store.putContents(
    segments.map((segments) => ({ segments })),
    10,
  )
  expect(contentAddress(hole)).toBe(zeros?.hash)
  closeSync(fd)
  expect(whole?.content?.toString()).toBe('abcdef')
  expect(store.read(part?.hash ?? '', 10).toString()).toBe('cda')
  expect(store.size(zeros?.hash ?? '')).toBe(1_000_001)
  expect(store.readRange(zeros?.hash ?? '', 999_998, 10)).toEqual(Buffer.from('\0\0f'))
  expect(await store.putContents([])).toEqual([])
})

it('shows a reader what was published, and only that', async () => {
  const reader = ObjectStore.open(objects)
  const bytes = Buffer.alloc(5_000_000, 'stream')
  const { hash } = put(bytes)
  expect(reader.has(hash)).toBe(false)
  expect(store.publish()).toEqual([pack(), join(objects, 'pack')])
  expect(store.publish()).toEqual([])
  const target = join(folder, 'target')
  const fd = openSync(target, 'w')
  expect(await reader.copyTo(hash, fd)).toBe(bytes.length)
  closeSync(fd)
  expect(readFileSync(target).equals(bytes)).toBe(true)
  expect(() => reader.putNode('tree', bytes)).toThrow('reading only')
  reader.close()
})

it('keeps nodes by kind', async () => {
  const address = store.putNode('seal', Buffer.from('sealed'))
  expect(store.nodes('tree').put(Buffer.from('sealed'), address)).not.toBe(address)
  await store.flush()
  expect(store.getNode(address)).toEqual({ kind: 'seal', bytes: Buffer.from('sealed') })
  expect(store.nodes('seal').get(address).toString()).toBe('sealed')
  expect(() => store.nodes('tree').get(address)).toThrow(code('E_OBJECT_DAMAGED'))
})

it('names what is missing, damaged or too large', async () => {
  const { hash } = put('x'.repeat(100))
  expect(() => store.read(hash, 99)).toThrow(code('E_OBJECT_LARGE'))
  await store.flush()
  const bytes = readFileSync(pack())
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(pack(), bytes)
  const reader = ObjectStore.open(objects)
  expect(() => reader.read(hash, 1000)).toThrow(code('E_OBJECT_DAMAGED'))
  const found = await reader.verify(null, 1e9)
  expect(found.findings).toMatchObject([{ file: expect.stringContaining('pack/'), offset: 16, address: hash }])
  expect(found.next).not.toBeNull()
  reader.close()
  const missing = 'ab'.repeat(32)
  expect(() => store.read(missing, 1000)).toThrow(code('E_OBJECT_MISSING'))
  const fd = openSync(join(folder, 'target'), 'w')
  await expect(store.copyTo(missing, fd)).rejects.toThrow(code('E_OBJECT_MISSING'))
  closeSync(fd)
})

it('keeps a version as the difference to the one before', () => {
  const lines = Array.from({ length: 3000 }, (_, n) => `line ${n} ${Math.sin(n)}\n`)
  const first = put(lines.join(''))
  store.publish()
  const before = readFileSync(pack()).length
  lines[1500] = 'changed\n'
  const second = put(lines.join(''), 0, first.hash)
  store.publish()
  expect(readFileSync(pack()).length - before).toBeLessThan(1000)
  expect(store.read(second.hash, 1e6).toString()).toBe(lines.join(''))
})

it('collects what is not reachable', async () => {
  const [kept, dropped] = ['kept', 'dropped'].map((text) => store.putNode('tree', Buffer.from(text))) as [
    string,
    string,
  ]
  await store.flush()
  store.gcBegin()
  const { before, after } = await store.gcRewrite(Buffer.from(kept, 'hex'), 0)
  expect(after).toBeLessThan(before)
  expect(store.getNode(kept).bytes.toString()).toBe('kept')
  expect(() => store.getNode(dropped)).toThrow(code('E_OBJECT_MISSING'))
  await expect(store.gcRewrite(Buffer.from(kept, 'hex'), 0)).rejects.toThrow('no collection was begun')
})

it('writes anew what is damaged, when it is given the bytes of it and no others', () => {
  const text = 'a text that is to be damaged, as often as there is a byte of it that can be\n'.repeat(50)
  const { hash } = put(text)
  const tree = store.putNode('tree', Buffer.alloc(4000, 'tree'))
  store.publish()
  store.close()
  const bytes = readFileSync(pack())
  for (let at = 200; at < bytes.length; at += 7) bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(pack(), bytes)
  store = ObjectStore.open(objects, { write: true })
  expect(() => store.read(hash, 1e6)).toThrow()
  const replace = (from: string): boolean => {
    writeFileSync(join(folder, 'source'), from)
    const fd = openSync(join(folder, 'source'), 'r')
    try {
      return store.replaceContent(hash, Float64Array.of(fd, 0, from.length))
    } finally {
      closeSync(fd)
    }
  }
  expect(replace('something else')).toBe(false)
  expect(replace(text)).toBe(true)
  expect(store.replaceNode('tree', Buffer.alloc(4000, 'tree'))).toBe(true)
  expect(store.replaceNode('tree', Buffer.alloc(4000, 'tree'))).toBe(false)
  store.publish()
  const reader = ObjectStore.open(objects)
  expect(reader.read(hash, 1e6).toString()).toBe(text)
  expect(reader.getNode(tree).bytes).toHaveLength(4000)
  reader.close()
})

it('refuses a second writer, and a directory that is not there', () => {
  expect(() => ObjectStore.open(objects, { write: true })).toThrow(code('E_OBJECTS'))
  expect(() => ObjectStore.open(join(folder, 'none'))).toThrow(code('E_OBJECTS'))
})
