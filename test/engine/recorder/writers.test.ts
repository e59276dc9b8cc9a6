import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Operation } from '../../../src-main/engine/oplog/operation.ts'
import { Writers } from '../../../src-main/engine/recorder/writers.ts'
import { WritersFile } from '../../../src-main/engine/recorder/writers-file.ts'

const EXCHANGE = 2
let writers: Writers
let id: number
beforeEach(() => {
  writers = new Writers()
  id = 0
})

type Fields = { readonly type: Operation['type']; readonly ino: number; readonly path: string } & Record<
  string,
  unknown
>

function took(...operations: Fields[]): void {
  for (const fields of operations) {
    writers.took({ id: ++id, pid: 1, sec: 0, nsec: 0, ...fields } as unknown as Operation, 1000 + id)
  }
}

const names = (): Record<number, string | null> => {
  writers.decide(true, 0)
  return Object.fromEntries(writers.finishedPaths())
}

describe('files that are open for writing', () => {
  it('are known by a name that they have, whatever becomes of it', () => {
    took(
      { type: 'create', ino: 2, path: 'a/f' },
      { type: 'create', ino: 3, path: 'b/g' },
      { type: 'write', ino: 2, path: 'a/f' },
      { type: 'rename', ino: 9, path: 'a', to: 'c', flags: 0, replaced: 0 },
    )
    expect(names()).toEqual({ 2: 'c/f', 3: 'b/g' })
    took({ type: 'rename', ino: 9, path: 'c', to: 'b', flags: EXCHANGE, replaced: 10 })
    expect(names()).toEqual({ 2: 'b/f', 3: 'c/g' })
    took({ type: 'rename', ino: 2, path: 'b/f', to: 'c/g', flags: 0, replaced: 3 })
    expect(names()).toEqual({ 2: 'c/g', 3: null })
    took({ type: 'link', ino: 2, path: 'other', from: 'c/g' }, { type: 'delete', ino: 2, path: 'c/g' })
    expect(names()).toEqual({ 2: 'other', 3: null })
    took({ type: 'delete', ino: 2, path: 'other' })
    expect(names()).toEqual({ 2: null, 3: null })
  })

  it('change places with what they are exchanged with', () => {
    took({ type: 'create', ino: 2, path: 'f' }, { type: 'create', ino: 3, path: 'g' })
    took({ type: 'rename', ino: 2, path: 'f', to: 'g', flags: EXCHANGE, replaced: 3 })
    expect(names()).toEqual({ 2: 'g', 3: 'f' })
  })

  it('are finished by their last writer, or when they waited too long', () => {
    took(
      { type: 'create', ino: 2, path: 'f' },
      { type: 'write', ino: 3, path: 'g' },
      { type: 'close', ino: 2, path: 'f' },
    )
    writers.decide(false, 0)
    expect([writers.finished(2), writers.finished(3), writers.open(3)]).toEqual([true, false, true])
    expect([writers.born(2), writers.born(3)]).toEqual([true, false])
    writers.decide(false, 1003)
    expect(writers.finished(3)).toBe(true)
    expect([writers.isDue(0), writers.since, writers.operations]).toEqual([true, 1001, 2])
  })
})

describe('the list of them on disk', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ize-writers-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('comes back as it was, and is gone when there are none', () => {
    took(
      { type: 'create', ino: 2, path: 'caf\xe9' },
      { type: 'write', ino: 3, path: 'g' },
      { type: 'delete', ino: 3, path: 'g' },
    )
    const file = new WritersFile(directory)
    expect(file.read()).toEqual({ last: 0, files: [] })
    file.write(7, writers.snapshot())
    const again = new Writers()
    const { last, files } = file.read()
    again.restore(files)
    expect(last).toBe(7)
    expect(again.snapshot()).toEqual(writers.snapshot())
    file.write(8, [])
    expect(existsSync(join(directory, 'writers'))).toBe(false)
  })

  it('that is none is refused by name', () => {
    writeFileSync(join(directory, 'writers'), '{"version":2}')
    expect(() => new WritersFile(directory).read()).toThrow(/dirty|writers is not what Ize writes there/)
  })
})
