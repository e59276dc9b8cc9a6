import fc from 'fast-check'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { IzeError } from '../../../src-main/engine/ize-error.ts'
import { openLog, type OpenLogOptions, type RecoveredLog } from '../../../src-main/engine/oplog/recovery.ts'
import { SEGMENT_HEADER, segmentName, segmentNames } from '../../../src-main/engine/oplog/segment.ts'
import { crc32c } from '../../../src-main/engine/sys/native.ts'
import { append, change, copyOf, expected, logOf, newFolder, openWriter, readAll } from './log-folder.ts'
import { plainWrite, steps, type Step } from './operations.ts'

const OTHER_BOOT = '00112233445566ff'

function refusal(dir: string, options?: OpenLogOptions): IzeError {
  try {
    openLog(dir, options)
  } catch (error) {
    if (error instanceof IzeError) return error
    throw error
  }
  throw new Error('The log was opened')
}

function lastFile(dir: string): string {
  return join(dir, segmentNames(dir).at(-1) ?? '')
}

function writes(count: number, size = 40): Step[] {
  return Array.from({ length: count }, (_, n) => plainWrite(n, Buffer.alloc(size, n + 1)))
}

/** Offsets of the records in a segment's file, by their lengths. */
function offsets(file: string): number[] {
  const bytes = readFileSync(file)
  const found: number[] = []
  for (let at = SEGMENT_HEADER; at < bytes.length; at += bytes.readUInt32LE(at + 4)) found.push(at)
  return found
}

/** A recovered log goes on: one more record, and all of it is there at the next opening. */
function expectUsable(dir: string, found: RecoveredLog): void {
  const before = readAll(dir, found)
  const { writer } = openWriter(dir)
  const more = plainWrite(77, Buffer.from('and on it goes'))
  expect(append(writer, more)).toBeGreaterThan(0)
  writer.close()
  const again = openLog(dir)
  expect(again.report).toEqual([])
  expect(readAll(dir, again)).toEqual([...before, ...expected([more], found.lastId + 1)])
}

describe('a torn end', () => {
  test('the last segment cut at any byte leaves a prefix of its records', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 64, max: 4000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, segmentBytes, where) => {
          const dir = logOf(list, segmentBytes)
          const file = lastFile(dir)
          const size = statSync(file).size
          const length = Math.floor(where * size)
          const records = offsets(file).length
          const bounds = [...offsets(file), size]
          truncateSync(file, length)
          const found = openLog(dir)
          expect(readAll(dir, found)).toEqual(expected(list).slice(0, found.lastId))
          expect(found.report.map((finding) => finding.kind)).toEqual(
            length === 0 || bounds.includes(length) ? [] : ['torn'],
          )
          expect(found.lastId).toBe(list.length - records + bounds.slice(1).filter((end) => end <= length).length)
          expectUsable(dir, found)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('what is cut is kept, with a note of what and when', () => {
    const dir = logOf(writes(3))
    const file = lastFile(dir)
    const last = offsets(file)[2] ?? 0
    const tail = readFileSync(file).subarray(last, -5)
    truncateSync(file, statSync(file).size - 5)
    const [finding] = openLog(dir).report
    expect(finding).toMatchObject({ kind: 'torn', file: segmentName(1), offset: last, lastGoodId: 2, nextGoodId: 0 })
    expect(readFileSync(join(dir, finding?.keptIn ?? ''))).toEqual(tail)
    expect(readFileSync(join(dir, `${finding?.keptIn ?? ''}.txt`), 'utf8')).toMatch(/^\d{4}-.*Z\n.*after operation 2/)
  })

  test('a second torn end at the same place does not overwrite what the first left', () => {
    const dir = logOf(writes(2))
    for (let n = 0; n < 2; n++) {
      change(lastFile(dir), (bytes) => Buffer.concat([bytes, Buffer.alloc(30, n)]))
      expect(openLog(dir).report).toHaveLength(1)
    }
    expect(readdirSync(join(dir, 'damaged')).filter((name) => !name.endsWith('.txt'))).toHaveLength(2)
  })

  test('a segment without records is removed: empty, half a header, a header alone, zeros', () => {
    const header = readFileSync(lastFile(logOf(writes(1)))).subarray(0, SEGMENT_HEADER)
    for (const bytes of [Buffer.alloc(0), header.subarray(0, 20), header, Buffer.alloc(5000)]) {
      const dir = newFolder()
      writeFileSync(join(dir, segmentName(1)), bytes)
      expect(openLog(dir)).toMatchObject({ segments: [], firstId: 0, lastId: 0, endPosition: 0, operations: 0 })
      expect(segmentNames(dir)).toEqual([])
    }
  })
})

describe('a flipped byte', () => {
  test('anywhere in the log is cut with the last record, or refused by name, and never read', () => {
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 64, max: 4000 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (list, segmentBytes, where, mask) => {
          const dir = logOf(list, segmentBytes)
          const names = segmentNames(dir)
          const sizes = names.map((name) => statSync(join(dir, name)).size)
          let at = where % sizes.reduce((sum, size) => sum + size, 0)
          const index = sizes.findIndex((size) => (at < size ? true : ((at -= size), false)))
          const file = join(dir, names[index] ?? '')
          const inLast = index === names.length - 1 && at >= (offsets(file).at(-1) ?? 0)
          change(file, (bytes) => {
            bytes[at] = (bytes[at] ?? 0) ^ mask
          })
          if (inLast) {
            const found = openLog(dir)
            expect(found.report).toMatchObject([{ kind: 'torn', file: names[index], lastGoodId: list.length - 1 }])
            expect(readAll(dir, found)).toEqual(expected(list).slice(0, -1))
            expectUsable(dir, found)
          } else {
            const before = readFileSync(file)
            const error = refusal(dir)
            expect(error).toMatchObject({ code: 'E_LOG_DAMAGED', data: { kind: 'damaged', file: names[index] } })
            expect(readFileSync(file)).toEqual(before)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('is named with file, offset and the operations on both sides, and a copy is kept once', () => {
    const dir = logOf(writes(5))
    const file = lastFile(dir)
    const third = offsets(file)[2] ?? 0
    change(file, (bytes) => {
      bytes[third + 90] = (bytes[third + 90] ?? 0) ^ 1
    })
    const error = refusal(dir)
    expect(error.data).toMatchObject({
      kind: 'damaged',
      file: segmentName(1),
      offset: third,
      lastGoodId: 2,
      nextGoodId: 4,
      keptIn: `damaged/${segmentName(1)}.refused`,
    })
    expect(error.message).toContain(`byte ${third} of ${segmentName(1)}, after operation 2; operations from 4 on`)
    expect(refusal(dir).data['keptIn']).toBe(error.data['keptIn'])
    expect(readdirSync(join(dir, 'damaged'))).toHaveLength(2)
    expect(readFileSync(join(dir, 'damaged', `${segmentName(1)}.refused`))).toEqual(readFileSync(file))
  })

  test('is cut when a person accepts the loss, and what stood behind it is kept', () => {
    const list = writes(9)
    const dir = logOf(list, 500)
    expect(segmentNames(dir).length).toBeGreaterThan(2)
    const file = join(dir, segmentNames(dir)[0] ?? '')
    const second = offsets(file)[1] ?? 0
    const tail = readFileSync(file).subarray(second)
    const behind = segmentNames(dir)
      .slice(1)
      .map((name) => readFileSync(join(dir, name)))
    tail[70] = (tail[70] ?? 0) ^ 1
    change(file, (bytes) => {
      bytes[second + 70] = (bytes[second + 70] ?? 0) ^ 1
    })
    refusal(dir)
    const found = openLog(dir, { acceptLoss: true })
    expect(found).toMatchObject({ lastId: 1, report: [{ kind: 'damaged', lastGoodId: 1, nextGoodId: 3 }] })
    expect(readAll(dir, found)).toEqual(expected(list).slice(0, 1))
    const kept = readdirSync(join(dir, 'damaged')).map((name) => readFileSync(join(dir, 'damaged', name)))
    for (const bytes of [tail, ...behind]) expect(kept.some((one) => one.equals(bytes))).toBe(true)
    expectUsable(dir, found)
  })
})

describe('a broken chain', () => {
  test('a segment missing between others is refused', () => {
    const dir = logOf(writes(9), 500)
    const names = segmentNames(dir)
    rmSync(join(dir, names[1] ?? ''))
    expect(refusal(dir).data).toMatchObject({
      kind: 'damaged',
      file: names[0],
      nextGoodId: Number.parseInt(names[2] ?? '', 16),
    })
  })

  test('a segment shorter than its follower knew it, cut between two records, is refused', () => {
    const dir = logOf(writes(9), 500)
    const file = join(dir, segmentNames(dir)[0] ?? '')
    truncateSync(file, offsets(file).at(-1) ?? 0)
    expect(refusal(dir).data).toMatchObject({ kind: 'damaged', file: segmentNames(dir)[0] })
  })

  test('segments that were trimmed from the start are no damage', () => {
    const list = writes(9)
    const dir = logOf(list, 500)
    const [first, second] = segmentNames(dir)
    rmSync(join(dir, first ?? ''))
    const found = openLog(dir)
    expect(found.firstId).toBe(Number.parseInt(second ?? '', 16))
    expect(readAll(dir, found)).toEqual(expected(list).slice(found.firstId - 1))
  })

  test('a segment under the name of another is refused', () => {
    const dir = logOf(writes(4))
    writeFileSync(join(dir, segmentName(5)), readFileSync(lastFile(dir)))
    expect(refusal(dir).data).toMatchObject({ kind: 'damaged', file: segmentName(5) })
  })

  test('records of another log are not taken for this one', () => {
    const dir = logOf(writes(3))
    const stranger = readFileSync(lastFile(logOf(writes(4))))
    const file = lastFile(dir)
    change(file, (bytes) => Buffer.concat([bytes, stranger.subarray(bytes.length)]))
    expect(openLog(dir)).toMatchObject({ lastId: 3, report: [{ kind: 'torn' }] })
  })
})

describe('an image of the log inside data', () => {
  test('is not mistaken for records, however the write around it is damaged', () => {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    const before = writes(4)
    for (const one of before) append(writer, one)
    const image = plainWrite(9, readFileSync(lastFile(dir)))
    append(writer, image)
    writer.close()
    const whole = readFileSync(lastFile(dir))
    const start = offsets(lastFile(dir))[4] ?? 0
    for (const damage of [start, start + 4, start + 48, start + 70, whole.length - 1]) {
      const copy = copyOf(dir)
      change(lastFile(copy), (bytes) => {
        bytes[damage] = (bytes[damage] ?? 0) ^ 0x10
      })
      const found = openLog(copy)
      expect(found).toMatchObject({ lastId: 4, report: [{ kind: 'torn', offset: start }] })
      expect(readAll(copy, found)).toEqual(expected(before))
    }
    for (let length = start + 1; length < whole.length; length += 13) {
      const copy = copyOf(dir)
      truncateSync(lastFile(copy), length)
      expect(readAll(copy)).toEqual(expected(before))
    }
  })
})

describe('a power loss', () => {
  function withLostPage(synced: boolean): string {
    const dir = newFolder()
    const { writer } = openWriter(dir)
    for (const one of writes(3)) append(writer, one)
    const flush = writer.beginSync()
    if (synced) writer.syncDone(flush?.ticket ?? -1)
    for (const one of writes(3)) append(writer, one)
    writer.close()
    const file = lastFile(dir)
    const second = offsets(file)[1] ?? 0
    change(file, (bytes) => {
      bytes.fill(0, second, offsets(file)[2])
    })
    return dir
  }

  test('may take what was not synced: cut and reported', () => {
    const dir = withLostPage(false)
    const found = openLog(dir, { boot: OTHER_BOOT })
    expect(found.report).toMatchObject([{ kind: 'unsynced', lastGoodId: 1, nextGoodId: 3 }])
    expect(found.report[0]?.keptIn).not.toBeNull()
    expect(readAll(dir, found)).toEqual(expected(writes(1)))
    expectUsable(dir, found)
  })

  test('does not excuse damage to what later records knew to be synced', () => {
    expect(refusal(withLostPage(true), { boot: OTHER_BOOT }).data).toMatchObject({ kind: 'damaged', lastGoodId: 1 })
  })

  test('does not excuse damage in a run of the machine that has not ended', () => {
    expect(refusal(withLostPage(false)).data).toMatchObject({ kind: 'damaged', lastGoodId: 1 })
  })

  test('may take the end of a segment and leave its follower: both go', () => {
    const list = writes(9)
    const dir = logOf(list, 500)
    const names = segmentNames(dir)
    const file = join(dir, names[0] ?? '')
    truncateSync(file, (offsets(file)[1] ?? 0) + 10)
    const found = openLog(dir, { boot: OTHER_BOOT })
    expect(found.report).toMatchObject([{ kind: 'unsynced', lastGoodId: 1 }])
    expect(segmentNames(dir)).toEqual([names[0]])
    for (const name of names.slice(1)) expect(existsSync(join(dir, 'damaged', `${name}.1`))).toBe(true)
    expect(readAll(dir, found)).toEqual(expected(list).slice(0, 1))
    expectUsable(dir, found)
  })
})

test('a log of a later version is refused by name and left alone', () => {
  const dir = logOf(writes(1))
  const file = lastFile(dir)
  change(file, (bytes) => {
    bytes.writeUInt32LE(2, 8)
    bytes.writeUInt32LE(crc32c(bytes, 0, SEGMENT_HEADER - 4, 0), SEGMENT_HEADER - 4)
  })
  const before = readFileSync(file)
  expect(refusal(dir)).toMatchObject({ code: 'E_LOG_VERSION', data: { version: 2 } })
  expect(readFileSync(file)).toEqual(before)
})
