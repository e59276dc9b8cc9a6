import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { encodeIdentity, IDENTITY_XATTR } from '../../../src-main/engine/namespace/identity.ts'
import { Sidecar } from '../../../src-main/engine/namespace/sidecar.ts'
import { OplogReader } from '../../../src-main/engine/oplog/oplog-reader.ts'
import { Executor } from '../../../src-main/engine/recorder/execute.ts'
import type { Ino } from '../../../src-main/engine/oplog/operation.ts'
import type { PlanAttributes, PlanStep } from '../../../src-main/engine/recorder/plan.ts'
import * as native from '../../../src-main/engine/sys/native.ts'

let root: string
let sidecar: Sidecar
let log: OplogReader
let executor: Executor
/** What working/ and tmp/ had at each sync. */
let synced: string[][]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ize-names-'))
  for (const name of ['working', 'tmp', 'dirty', 'working/old']) mkdirSync(join(root, name))
  writeFileSync(join(root, 'working/a'), 'the only copy')
  writeFileSync(join(root, 'working/old/b'), 'the only copy')
  mark('working/a', 5)
  mark('working/old', 6)
  mark('working/old/b', 7)
  log = new OplogReader(join(root, 'dirty'))
  sidecar = new Sidecar(join(root, 'identities'))
  executor = new Executor(join(root, 'working'), join(root, 'tmp'), sidecar, log)
  executor.sync()
  const sync = executor.sync.bind(executor)
  synced = []
  executor.sync = () => {
    synced.push(names())
    sync()
  }
})
afterEach(() => {
  executor.close()
  sidecar.close()
  log.close()
  rmSync(root, { recursive: true })
})

const names = (): string[] =>
  ['working', 'tmp']
    .flatMap((top) => readdirSync(join(root, top), { recursive: true }).map((name) => `${top}/${String(name)}`))
    .sort()

function identity(ino: number): Buffer {
  const times = { ctimeSec: 1, ctimeNsec: 0, btimeSec: 1, btimeNsec: 0 }
  return encodeIdentity({ ino: ino as Ino, mode: 0o644, sparse: false, applied: 0, ...times })
}

function mark(path: string, ino: number): void {
  native.setXattr(native.AT_FDCWD, join(root, path), IDENTITY_XATTR, identity(ino), 0)
}

function run(...steps: PlanStep[]): void {
  executor.run({ steps }, () => undefined)
}

const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0]
const attributes = (ino: number): PlanAttributes => ({
  ...{ mode: 0o755, uid, gid, times: [1, 0, 1, 0], xattrs: null },
  identity: identity(ino).toString('base64'),
})
const newFolder: readonly PlanStep[] = [
  { do: 'directory', ino: 9, dir: 1, path: 'new', rdev: 0, attributes: attributes(9) },
  { do: 'place', ino: 9, dir: 1, path: 'new', identity: null },
]

it('a name goes only once the new name of the same file is on the disk', () => {
  run({ do: 'link', ino: 5, dir: 1, path: 'z', from: 'a', identity: null })
  expect(synced).toEqual([])
  run({ do: 'unlink', ino: 5, dir: 1, path: 'a', directory: false })
  expect(synced).toEqual([['working/a', 'working/old', 'working/old/b', 'working/z']])
  run({ do: 'unlink', ino: 5, dir: 1, path: 'z', directory: false })
  expect(synced).toHaveLength(1)
})

it('a folder goes only once what was moved out of it is elsewhere on the disk', () => {
  run(
    { do: 'lift', ino: 7, dir: 6, path: 'old/b' },
    { do: 'unlink', ino: 6, dir: 1, path: 'old', directory: true },
    { do: 'place', ino: 7, dir: 1, path: 'b', identity: null },
  )
  expect(synced).toEqual([['tmp/7', 'working/a', 'working/old']])
  expect(names()).toEqual(['working/a', 'working/b'])
})

it('something comes into a new folder only once that is on the disk, and what is new itself at once', () => {
  run(
    ...newFolder,
    { do: 'directory', ino: 10, dir: 9, path: 'new/d', rdev: 0, attributes: attributes(10) },
    {
      ...{ do: 'place', ino: 10, dir: 9, path: 'new/d', identity: null },
    },
  )
  expect(synced).toEqual([])
  run({ do: 'lift', ino: 5, dir: 1, path: 'a' }, { do: 'place', ino: 5, dir: 9, path: 'new/a', identity: null })
  expect(synced).toEqual([['tmp/5', 'working/new', 'working/new/d', 'working/old', 'working/old/b']])
  run({ do: 'lift', ino: 7, dir: 6, path: 'old/b' }, { do: 'place', ino: 7, dir: 9, path: 'new/b', identity: null })
  expect(synced).toHaveLength(1)
})

it('what an earlier run did counts as not on the disk', () => {
  executor.close()
  executor = new Executor(join(root, 'working'), join(root, 'tmp'), sidecar, log)
  let syncs = 0
  executor.sync = () => void syncs++
  run({ do: 'lift', ino: 5, dir: 1, path: 'a' }, { do: 'place', ino: 5, dir: 6, path: 'old/a', identity: null })
  expect(syncs).toBe(1)
})
