import fc from 'fast-check'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isMarker } from '../../../src-main/engine/oplog/operation.ts'
import { HEADROOM } from '../../../src-main/engine/oplog/oplog-writer.ts'
import { SEGMENT_HEADER, segmentName } from '../../../src-main/engine/oplog/segment.ts'
import { append, expected, logOf, newFolder, openWriter, readAll } from './log-folder.ts'
import { plainWrite, step, steps } from './operations.ts'

const nothingPinned = (): boolean => false

describe('appending', () => {
  test('what was appended is what a later run finds, over segments and reopenings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(step, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 64, max: 5000 }),
        (runs, segmentBytes) => {
          const dir = newFolder()
          for (const run of runs) {
            const { writer } = openWriter(dir, { segmentBytes })
            for (const one of run) expect(append(writer, one)).toBeGreaterThan(0)
            writer.close()
          }
          const all = runs.flat()
          expect(readAll(dir)).toEqual(expected(all))
          const { writer, found } = openWriter(dir)
          expect(found.report).toEqual([])
          expect(writer.operations).toBe(all.filter(({ op }) => !isMarker(op)).length)
          expect(writer.lastId).toBe(all.length)
          writer.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  test('data is read back at the position append gave, from old and new segments', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 64, max: 3000 }), (list, segmentBytes) => {
        const { writer } = openWriter(newFolder(), { segmentBytes })
        const positions = list.map((one) => append(writer, one))
        for (const [index, { data }] of list.entries()) {
          if (data.length === 0) continue
          const back = Buffer.alloc(data.length)
          expect(writer.read(positions[index] ?? -1, back, 0, back.length)).toBe(data.length)
          expect(back).toEqual(Buffer.from(data))
        }
        expect(positions).toEqual([...positions].sort((a, b) => a - b))
        writer.close()
      }),
      { numRuns: 100 },
    )
  })

  test('without headroom in front of the data, or with a path longer than it, the record is the same', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    const near = plainWrite(1, Buffer.from('no room before this'))
    expect(writer.append(near.op, Buffer.from(near.data), 0, near.data.length)).toBeGreaterThan(0)
    const long = { ...near, op: { ...near.op, path: 'x'.repeat(HEADROOM + 5000) } }
    expect(append(writer, long)).toBeGreaterThan(0)
    writer.close()
    expect(readAll(dir)).toEqual(expected([near, long]))
  })

  test('the bytes behind the data and the free bytes far before it are not touched', () => {
    const { writer } = openWriter(newFolder())
    const buffer = Buffer.alloc(HEADROOM + 100, 0x55)
    const { op } = plainWrite(1, new Uint8Array(10))
    writer.append(op, buffer, HEADROOM, 10)
    expect(buffer.subarray(HEADROOM).every((byte) => byte === 0x55)).toBe(true)
    expect(buffer.subarray(0, HEADROOM - 200).every((byte) => byte === 0x55)).toBe(true)
    writer.close()
  })

  test('a record above 64 MiB is refused with EFBIG and uses up no id', () => {
    const { writer } = openWriter(newFolder())
    expect(
      writer.append(plainWrite(1, new Uint8Array(0)).op, Buffer.alloc(64 * 1024 * 1024), 0, 64 * 1024 * 1024),
    ).toBe(-27)
    expect(writer.lastId).toBe(0)
    writer.close()
  })

  test('nothing is made in the folder before the first append', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    writer.rotate()
    writer.close()
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('dropping', () => {
  test('removes whole segments below a position, oldest first, and counts only what is left', () => {
    const list = Array.from({ length: 6 }, (_, n) => plainWrite(n, Buffer.alloc(100, n)))
    const dir = newFolder()
    const { writer } = openWriter(dir, { segmentBytes: 300 })
    const ends = list.map((one) => append(writer, one) + 100)
    writer.drop(ends[2] ?? 0, nothingPinned)
    expect(existsSync(join(dir, segmentName(1)))).toBe(false)
    expect(existsSync(join(dir, segmentName(3)))).toBe(true)
    expect(writer.operations).toBe(4)
    expect(writer.read((ends[0] ?? 0) - 100, Buffer.alloc(1), 0, 1)).toBe(-5)
    writer.close()
    expect(readAll(dir)).toEqual(expected(list).slice(2))
  })

  test('an emptied log holds no file, and goes on with ids and positions', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    append(writer, plainWrite(1, Buffer.from('a')))
    const end = writer.end
    writer.drop(end, nothingPinned)
    expect(readdirSync(dir)).toEqual([])
    expect([writer.operations, writer.bytes]).toEqual([0, 0])
    expect(append(writer, plainWrite(2, Buffer.from('b')))).toBeGreaterThan(end)
    expect(readdirSync(dir)).toEqual([segmentName(2)])
    expect(writer.operations).toBe(1)
    writer.close()
  })

  test('a pinned segment stays readable without a name until it is let go', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    const position = append(writer, plainWrite(1, Buffer.from('pinned')))
    writer.drop(writer.end, (start, end) => start <= position && position < end)
    expect(readdirSync(dir)).toEqual([])
    expect(writer.bytes).toBe(0)
    const back = Buffer.alloc(6)
    expect(writer.read(position, back, 0, 6)).toBe(6)
    expect(back.toString()).toBe('pinned')
    append(writer, plainWrite(2, Buffer.from('later')))
    expect(writer.read(position, back, 0, 6)).toBe(6)
    writer.drop(writer.end, nothingPinned)
    expect(writer.read(position, back, 0, 6)).toBe(-5)
    writer.close()
  })
})

describe('flushing', () => {
  test('a flush takes every unsynced segment and the folder, then only what came after', () => {
    const { writer } = openWriter(newFolder(), { segmentBytes: 300 })
    expect(writer.beginSync()).toBeNull()
    for (let n = 0; n < 4; n++) append(writer, plainWrite(n, Buffer.alloc(100)))
    const first = writer.beginSync()
    expect(first?.fds).toHaveLength(3)
    append(writer, plainWrite(5, Buffer.alloc(10)))
    writer.syncDone(first?.ticket ?? -1)
    const second = writer.beginSync()
    expect(second?.fds).toHaveLength(2)
    writer.syncDone(second?.ticket ?? -1)
    expect(writer.beginSync()).toBeNull()
    append(writer, plainWrite(6, Buffer.alloc(10)))
    expect(writer.beginSync()?.fds).toHaveLength(1)
    writer.close()
  })

  test('a flush that is still on its way is asked for again', () => {
    const { writer } = openWriter(newFolder())
    append(writer, plainWrite(1, Buffer.alloc(10)))
    const first = writer.beginSync()
    const second = writer.beginSync()
    expect(second?.fds).toEqual(first?.fds)
    expect(second?.ticket).toBeGreaterThan(first?.ticket ?? 0)
    writer.syncDone(second?.ticket ?? -1)
    expect(writer.beginSync()).toBeNull()
    writer.close()
  })

  test('what a killed run left is flushed with the first flush of the next', () => {
    const dir = logOf([plainWrite(1, Buffer.from('a'))])
    const { writer } = openWriter(dir)
    expect(writer.beginSync()?.fds).toHaveLength(2)
    writer.close()
  })

  test('a failed flush is final for its segment: the next record begins another', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    append(writer, plainWrite(1, Buffer.from('a')))
    writer.syncFailed(writer.beginSync()?.ticket ?? -1)
    append(writer, plainWrite(2, Buffer.from('b')))
    expect(readdirSync(dir).sort()).toEqual([segmentName(1), segmentName(2)])
    writer.close()
    expect(readAll(dir)).toHaveLength(2)
  })

  test('write-back is due once per MiB and covers all of the log', () => {
    const { writer } = openWriter(newFolder(), { segmentBytes: 5 * 1024 * 1024 })
    let covered = 0
    let calls = 0
    for (let n = 0; n < 96; n++) {
      append(writer, plainWrite(n, Buffer.alloc(128 * 1024)))
      for (let due = writer.takeWriteback(); due !== null; due = writer.takeWriteback()) {
        covered += due.length
        calls++
      }
    }
    expect(writer.end - covered).toBeLessThan(1024 * 1024)
    expect(calls).toBeLessThanOrEqual(14)
    writer.close()
  })
})

test('a new segment starts where the one before ends', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir)
  append(writer, plainWrite(1, Buffer.from('a')))
  writer.rotate()
  const end = writer.end
  append(writer, plainWrite(2, Buffer.from('b')))
  const record = statSync(join(dir, segmentName(2))).size - SEGMENT_HEADER
  expect(writer.end).toBe(end + SEGMENT_HEADER + record)
  expect(writer.fdAt(end).offset).toBe(0)
  writer.close()
})
