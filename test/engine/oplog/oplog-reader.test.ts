import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OplogReader } from '../../../src-main/engine/oplog/oplog-reader.ts'
import { segmentNames } from '../../../src-main/engine/oplog/segment.ts'
import { append, change, expected, logOf, newFolder, openWriter, readBetween } from './log-folder.ts'
import { plainWrite, type Step } from './operations.ts'

const list = (count: number, size = 50): Step[] =>
  Array.from({ length: count }, (_, n) => plainWrite(n, Buffer.alloc(size, n + 1)))

test('follows the writer record by record into new segments', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir, { segmentBytes: 400 })
  const reader = new OplogReader(dir)
  let from = writer.end
  for (const [index, one] of list(12).entries()) {
    append(writer, one)
    expect(readBetween(reader, from, writer.end)).toEqual(expected([one], index + 1))
    from = writer.end
  }
  expect(segmentNames(dir).length).toBeGreaterThan(3)
  reader.close()
  writer.close()
})

test('a segment begun while records are being read is read on', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir, { segmentBytes: 400 })
  const steps = list(9)
  const reader = new OplogReader(dir)
  for (const one of steps.slice(0, 2)) append(writer, one)
  const seen: number[] = []
  for (const { op } of reader.records(0, Number.MAX_SAFE_INTEGER)) {
    seen.push(op.id)
    const next = steps[seen.length + 1]
    if (next === undefined) break
    append(writer, next)
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  reader.close()
  writer.close()
})

test('keeps reading a segment that the writer has removed, until it forgets it', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir, { segmentBytes: 400 })
  const steps = list(9)
  const [position = 0] = steps.map((one) => append(writer, one))
  const reader = new OplogReader(dir)
  const records = reader.records(0, writer.end)
  expect(records.next().value?.op.id).toBe(1)
  writer.drop(writer.end, () => false)
  expect(readdirSync(dir)).toEqual([])
  const back = Buffer.alloc(50)
  expect(reader.read(position, back, 0, 50)).toBe(50)
  expect(back).toEqual(Buffer.from(steps[0]?.data ?? []))
  reader.forget(writer.end)
  expect(() => reader.read(position, back, 0, 50)).toThrow(expect.objectContaining({ code: 'E_LOG_DAMAGED' }))
  reader.close()
  writer.close()
})

test('finds the records after an id, wherever they begin', () => {
  const dir = logOf(list(12), 500)
  const reader = new OplogReader(dir)
  for (const id of [0, 1, 2, 5, 11]) {
    const end = lastEnd(dir)
    expect([...reader.recordsAfter(id, end)].map(({ op }) => op.id)).toEqual(
      Array.from({ length: 12 - id }, (_, n) => id + 1 + n),
    )
  }
  expect([...reader.recordsAfter(12, lastEnd(dir))]).toEqual([])
  reader.close()
})

function lastEnd(dir: string): number {
  const reader = new OplogReader(dir)
  const segments = segmentNames(dir)
  const sizes = segments.map((name) => readFileSync(join(dir, name)).length)
  reader.close()
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('an empty log has no records after any id', () => {
  const reader = new OplogReader(newFolder())
  expect([...reader.recordsAfter(0, 0)]).toEqual([])
  expect([...reader.records(0, 0)]).toEqual([])
  reader.close()
})

test('a bad record is named, not read; a bad payload when asked to verify', () => {
  const dir = logOf(list(3, 300_000))
  const name = segmentNames(dir)[0] ?? ''
  const size = readFileSync(join(dir, name)).length
  change(join(dir, name), (bytes) => {
    bytes[size - 100_000] = 0x99
  })
  const reader = new OplogReader(dir)
  expect([...reader.records(0, size)]).toHaveLength(3)
  expect(() => [...reader.records(0, size, { verify: true })]).toThrow(
    expect.objectContaining({ code: 'E_LOG_DAMAGED', data: expect.objectContaining({ file: name }) }),
  )
  change(join(dir, name), (bytes) => bytes.fill(0, 64, 128))
  expect(() => [...reader.records(0, size)]).toThrow(
    expect.objectContaining({ code: 'E_LOG_DAMAGED', data: { file: name, offset: 64 } }),
  )
  reader.close()
})

test('a file in the folder that is no segment is passed over', () => {
  const dir = logOf(list(2))
  writeFileSync(join(dir, 'plan'), 'x')
  writeFileSync(join(dir, '0000000000000009.oplog'), 'half a hea')
  const reader = new OplogReader(dir)
  expect([...reader.recordsAfter(0, readFileSync(join(dir, segmentNames(dir)[0] ?? '')).length)]).toHaveLength(2)
  reader.close()
})
