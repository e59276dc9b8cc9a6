import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exportTree, type ExportProgress } from '../../../src-main/engine/history/export-tree.ts'
import { FOREVER } from '../../../src-main/engine/history/index-schema.ts'
import { walkTree } from '../../../src-main/engine/history/tree-walk.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { created, directory, edited } from './changes.ts'
import { ProjectFixture } from './project-fixture.ts'

let project: ProjectFixture
let folder: string
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

beforeEach(() => {
  project = new ProjectFixture()
  folder = join(project.folder, 'exported')
})
afterEach(() => project.close())

function exportNow(
  signal = new AbortController().signal,
  progress: (done: ExportProgress) => void = () => undefined,
  store = project.store,
) {
  return exportTree(store, walkTree(project.sqlite, 0, FOREVER - 1), { folder, signal, progress })
}

/** From a store that has read nothing yet. */
async function exportAnew(): Promise<void> {
  const store = ObjectStore.open(join(project.root, 'objects'))
  await exportNow(undefined, undefined, store).finally(() => store.close())
}

it('writes contents, modes, times, attributes and links as they were recorded', async () => {
  const more = { mtime: [1_500_000_000, 123_456_789] as [number, number], ...owner }
  project.append(
    created(directory('d', { mode: 0o500, ...more })),
    created(project.file('d/big', Buffer.alloc(3_000_000, 'x'), { ino: 21, mode: 0o400, ...more })),
    created(project.file('d/same', Buffer.alloc(3_000_000, 'x'), { ino: 21, mode: 0o400, ...more })),
    created(project.file('d/empty', '', { ino: 22, mode: 0, xattrs: { 'user.k': 'dg==' }, ...more })),
    created({ type: 'symlink', path: 'l', ino: 23, target: 'd/big', mode: 0o777, ...more }),
    created({ type: 'special', path: 'pipe', ino: 24, special: [0o010000, 0], mode: 0o620, ...more }),
    created(project.file('caf\u00c3\u00a9 \u00ff\n', 'bytes', { ino: 25, ...more })),
  )
  const result = await exportNow()
  expect(result).toEqual({ files: 6, directories: 1, bytes: 3_000_005, incomplete: [] })
  expect(readFileSync(join(folder, 'd/big')).equals(Buffer.alloc(3_000_000, 'x'))).toBe(true)
  expect(statSync(join(folder, 'd')).mode & 0o7777).toBe(0o500)
  expect(lstatSync(join(folder, 'd/empty')).mode & 0o7777).toBe(0)
  expect(lstatSync(join(folder, 'd/same')).ino).toBe(lstatSync(join(folder, 'd/big')).ino)
  expect(readlinkSync(join(folder, 'l'))).toBe('d/big')
  expect(lstatSync(join(folder, 'pipe'))).toMatchObject({ mode: 0o010620 })
  for (const name of ['d', 'd/big', 'l', 'pipe']) {
    expect(lstatSync(join(folder, name), { bigint: true }).mtimeNs).toBe(1_500_000_000_123_456_789n)
  }
  expect(readdirSync(folder, { encoding: 'buffer' })).toContainEqual(Buffer.from('caf\u00c3\u00a9 \u00ff\n', 'latin1'))
  const fd = native.openAt(native.AT_FDCWD, join(folder, 'd'), 0, 0)
  expect(native.getXattr(fd, 'empty', 'user.k')).toEqual(Buffer.from('v'))
  native.closeFd(fd)
})

it('refuses a folder that is not empty, and a file', async () => {
  project.append(created(project.file('a', '1')))
  mkdirSync(folder)
  writeFileSync(join(folder, 'mine'), 'precious')
  const refused = expect.objectContaining({ code: 'E_EXPORT_TARGET' }) as Error
  await expect(exportNow()).rejects.toThrow(refused)
  expect(readFileSync(join(folder, 'mine'), 'utf8')).toBe('precious')
  rmSync(folder, { recursive: true })
  writeFileSync(folder, 'a file')
  await expect(exportNow()).rejects.toThrow(refused)
})

it('leaves nothing behind when it is cancelled', async () => {
  project.append(
    created(directory('d', { mode: 0 })),
    created(project.file('d/a', '1')),
    created(project.file('e', '1')),
  )
  const controller = new AbortController()
  const stop = ({ files }: ExportProgress): void => (files > 0 ? controller.abort() : undefined)
  await expect(exportNow(controller.signal, stop)).rejects.toThrow(expect.objectContaining({ code: 'E_CANCELLED' }))
  expect(existsSync(folder)).toBe(false)
})

it('leaves nothing behind when a content is missing or damaged, and names it', async () => {
  project.append(created(project.file('a', '1')), created(project.file('b', 'to be damaged')))
  await project.store.flush()
  const packs = join(project.root, 'objects', 'pack')
  const pack = join(packs, readdirSync(packs).find((name) => name.endsWith('.pack')) ?? '')
  const bytes = readFileSync(pack)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(pack, bytes)
  mkdirSync(folder)
  await expect(exportAnew()).rejects.toThrow(expect.objectContaining({ code: 'E_OBJECT_DAMAGED' }))
  expect(readdirSync(folder)).toEqual([])
  rmSync(pack)
  await expect(exportAnew()).rejects.toThrow(expect.objectContaining({ code: 'E_OBJECT_MISSING' }))
})

it('reaches paths that are longer than a system call takes', async () => {
  const deep = Array.from({ length: 30 }, () => 'n'.repeat(200))
  const paths = deep.map((_, n) => deep.slice(0, n + 1).join('/'))
  project.append(
    ...paths.map((path) => created(directory(path))),
    created(project.file(`${paths.at(-1) ?? ''}/x`, '1')),
  )
  expect(await exportNow()).toMatchObject({ files: 1, directories: 30 })
  project.append(edited(project.file('z', '1')))
  await expect(exportNow()).rejects.toThrow(expect.objectContaining({ code: 'E_EXPORT_TARGET' }))
})
