import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { segmentName } from '../../../src-main/engine/oplog/segment.ts'
import { append, expected, newFolder, openWriter, readAll } from './log-folder.ts'
import { plainWrite } from './operations.ts'

/**
 * The limit on file sizes cuts a write in the middle and fails the rest, as a full disk does, without needing one; the
 * error is EFBIG where a full disk says ENOSPC.
 */
const EFBIG = -27

function limitFiles(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
}

const ignore = (): void => undefined
beforeAll(() => process.on('SIGXFSZ', ignore))
afterEach(() => limitFiles('unlimited'))
afterAll(() => process.off('SIGXFSZ', ignore))

test('an append that finds no room leaves nothing, and the log goes on once there is some', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir)
  const small = plainWrite(1, Buffer.from('small'))
  const large = plainWrite(2, Buffer.alloc(100_000, 2))
  append(writer, small)
  const { end, bytes, operations } = writer
  limitFiles(50_000)
  expect(append(writer, large)).toBe(EFBIG)
  expect([writer.end, writer.bytes, writer.operations, writer.lastId]).toEqual([end, bytes, operations, 1])
  expect(statSync(join(dir, segmentName(1))).size).toBe(end)
  expect(append(writer, small)).toBeGreaterThan(0)
  limitFiles('unlimited')
  expect(append(writer, large)).toBeGreaterThan(0)
  writer.close()
  expect(readAll(dir)).toEqual(expected([small, small, large]))
})

test('a segment whose first record finds no room does not stay', () => {
  const dir = newFolder()
  const { writer } = openWriter(dir)
  const large = plainWrite(2, Buffer.alloc(100_000, 2))
  limitFiles(50_000)
  expect(append(writer, large)).toBe(EFBIG)
  expect(readdirSync(dir)).toEqual([])
  expect([writer.end, writer.bytes]).toEqual([0, 0])
  limitFiles(10)
  expect(append(writer, large)).toBe(EFBIG)
  expect(readdirSync(dir)).toEqual([])
  limitFiles('unlimited')
  expect(append(writer, large)).toBeGreaterThan(0)
  writer.close()
  expect(readAll(dir)).toEqual(expected([large]))
})
