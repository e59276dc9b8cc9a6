import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, constants, readdirSync, rmSync, writeFileSync } from 'node:fs'
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeMetadataSchema, type ChangeEntry } from '../../../src-main/engine/history/change-metadata.ts'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { decodeIdentity } from '../../../src-main/engine/namespace/identity.ts'
import { Sidecar } from '../../../src-main/engine/namespace/sidecar.ts'
import type { Ino } from '../../../src-main/engine/oplog/operation.ts'
import { StateFile } from '../../../src-main/engine/oplog/state-file.ts'
import {
  openCentralDirectory,
  stagingFolder,
  type CentralDirectory,
} from '../../../src-main/engine/project/central-directory.ts'
import { createProject, sweepLeftovers, type CreatedProject } from '../../../src-main/engine/project/create-project.ts'
import { importProject } from '../../../src-main/engine/project/import-project.ts'
import type { ImportProgress, ImportRequest } from '../../../src-main/engine/project/import-types.ts'
import { projectLayout } from '../../../src-main/engine/project/layout.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import { PIJUL_CHANNEL } from '../../../src-main/engine/recorder/pijul-names.ts'
import { ObjectStore } from '../../../src-main/engine/store/object-store.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'

const asRoot = process.geteuid?.() === 0
let directory: string
let central: CentralDirectory
let registry: Registry
let source: string

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-import-')))
  central = await openCentralDirectory(join(directory, 'central'))
  registry = new Registry(central)
  source = join(directory, 'source')
  await mkdir(source)
})
afterEach(() => removeTree(directory))

const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const at = (path: string) => join(source, path)

function request(): ImportRequest {
  return {
    projects: central.projects,
    uuid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    name: 'p',
    created: '2026-11-21T10:00:00.000000000Z',
    source,
    patterns: [],
    textLimit: 1 << 20,
    author: 'a',
  }
}

interface Recorded {
  readonly entries: Map<string, ChangeEntry>
  readonly tracked: readonly string[]
  read(path: string): Promise<Buffer>
}

/** What Pijul holds of a project. */
async function recorded(
  { project, report }: CreatedProject,
  look: (recorded: Recorded) => Promise<void>,
): Promise<void> {
  const repository = await native.PijulRepository.open(project.root, PIJUL_CHANNEL)
  try {
    const log = (await repository.log(0, 100)).filter(({ hash }) => report.changes.includes(hash))
    const entries = log.flatMap(({ metadata }) => changeMetadataSchema.parse(JSON.parse(metadata.toString())).entries)
    await look({
      entries: new Map(entries.map((entry) => [entry.path, entry])),
      tracked: await repository.tracked(),
      read: (path) => repository.read(path),
    })
  } finally {
    await repository.close()
  }
}

function identityOf(path: string) {
  const value = native.getXattr(native.AT_FDCWD, bytes(path), 'user.ize')
  return typeof value === 'number' ? null : decodeIdentity(value, 0, value.length)
}

describe('importing a folder', () => {
  it('copies everything a file has, and records what is versioned', async () => {
    await mkdir(at('sub/empty'), { recursive: true })
    await writeFile(at('text.txt'), 'hello\r\nworld')
    await writeFile(at('run.sh'), '#!/bin/sh\n', { mode: 0o755 })
    await writeFile(at('secret'), 'hidden', { mode: 0o400 })
    await writeFile(at('binary'), Buffer.from([0, 1, 2, 255]))
    await writeFile(at('nothing'), '')
    await writeFile(at('sub/ümlaut'), 'ü')
    await link(at('text.txt'), at('sub/linked'))
    await symlink('../nowhere', at('sub/dangling'))
    execFileSync('mkfifo', [at('pipe')])
    await writeFile(Buffer.concat([Buffer.from(`${source}/`), Buffer.from([0xff, 0x0a, 0x25])]), 'odd name')
    expect(native.setXattr(native.AT_FDCWD, bytes(at('text.txt')), 'user.note', Buffer.from('kept'), 0)).toBe(0)
    expect(native.setXattr(native.AT_FDCWD, bytes(at('text.txt')), 'user.ize', Buffer.from('not ours'), 0)).toBe(0)
    expect(native.utimesAt(native.AT_FDCWD, bytes(at('text.txt')), 1, 2, 1_000_000_000, 123_456_789)).toBe(0)
    await utimes(at('sub'), 5, 1_234_567)

    const progress: ImportProgress[] = []
    const created = await createProject(registry, {
      name: 'thesis',
      from: source,
      progress: (step) => progress.push(step),
    })
    const { project, report } = created
    const { working, identities, dirty, objects } = projectLayout(project.root)

    expect(report.incomplete).toEqual([])
    expect(progress.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['plan', 'record']))
    expect(report.plan).toMatchObject({ files: 10, directories: 2, unversioned: [] })
    expect(await readFile(join(working, 'text.txt'), 'utf8')).toBe('hello\r\nworld')
    expect(await readlink(join(working, 'sub/dangling'))).toBe('../nowhere')
    expect((await lstat(join(working, 'pipe'))).isFIFO()).toBe(true)
    expect((await stat(join(working, 'sub'))).mtimeMs).toBe(1_234_567_000)
    const text = await stat(join(working, 'text.txt'), { bigint: true })
    expect([text.mtimeNs, text.nlink]).toEqual([1_000_000_000_123_456_789n, 2n])
    expect((await stat(join(working, 'sub/linked'), { bigint: true })).ino).toBe(text.ino)
    expect(native.getXattr(native.AT_FDCWD, bytes(join(working, 'text.txt')), 'user.note')).toEqual(Buffer.from('kept'))
    expect((await stat(join(working, 'secret'))).mode & 0o777).toBe(0o600)
    expect(identityOf(join(working, 'secret'))).toMatchObject({ mode: 0o400, applied: 0, sparse: false })
    expect(identityOf(working)?.ino).toBe(1)
    const sidecar = new Sidecar(identities)
    expect(sidecar.get(1 as Ino, 'pipe')?.mode).toBe((await lstat(at('pipe'))).mode & 0o7777)
    const sub = identityOf(join(working, 'sub'))
    expect(sidecar.get(sub!.ino, 'dangling')?.ino).toBeGreaterThan(1)
    const state = new StateFile(dirty)
    expect(state.read()).toMatchObject({ applied: 0, recorded: 0, nextIno: 13, clean: true })
    state.close()

    await recorded(created, async ({ entries, tracked, read }) => {
      expect([...tracked].sort()).toEqual([
        '%FF%0A%',
        'binary',
        'nothing',
        'pipe',
        'run.sh',
        'secret',
        'sub/',
        'sub/dangling',
        'sub/empty/',
        'sub/linked',
        'sub/ümlaut',
        'text.txt',
      ])
      expect((await read('text.txt')).toString()).toBe('hello\r\nworld')
      expect((await read('nothing')).length).toBe(0)
      expect((await read('sub/dangling')).toString()).toContain('kind: symlink\ntarget: ../nowhere\n')
      expect((await read('binary')).toString()).toContain(
        `kind: file\nsize: 4\nblake3: ${entries.get('binary')!.object}`,
      )
      expect(entries.get('text.txt')).toMatchObject({
        kind: 'create',
        type: 'file',
        size: 12,
        text: true,
        mtime: [1_000_000_000, 123_456_789],
        xattrs: { 'user.note': Buffer.from('kept').toString('base64') },
      })
      expect(entries.get('sub/linked')!.ino).toBe(entries.get('text.txt')!.ino)
      expect(entries.get('secret')!.mode).toBe(0o400)
      expect(entries.get(bytes('sub/ümlaut'))).toMatchObject({ type: 'file', text: true })
      expect(entries.get('pipe')).toMatchObject({ type: 'special', special: [0o010000, 0] })
      expect(entries.has('sub/empty')).toBe(true)
      const store = ObjectStore.open(objects)
      for (const [path, entry] of entries)
        if (entry.type === 'file')
          expect(store.read(entry.object!, 100)).toEqual(await readFile(Buffer.from(`${source}/${path}`, 'latin1')))
      store.close()
    })

    const index = HistoryIndex.open(projectLayout(project.root).index)
    expect(index.last()).toMatchObject({ hash: report.changes.at(-1), firstOp: 0, lastOp: 0 })
    expect(index.fileAt('sub/linked')).not.toBeNull()
    index.close()
    expect(await readdir(central.projects)).toEqual([project.uuid])
  })

  it('copies what is not versioned without recording it, and names it', async () => {
    await mkdir(at('.git/objects'), { recursive: true })
    await mkdir(at('target/debug'), { recursive: true })
    await writeFile(at('.git/objects/x'), 'blob')
    await writeFile(at('target/CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n')
    await writeFile(at('target/debug/a.o'), 'o')
    await writeFile(at('.a.swp'), 's')
    await writeFile(at('a'), 'a')
    const created = await createProject(registry, { name: 'p', from: source })
    expect([...created.report.plan!.unversioned].sort()).toEqual(['.a.swp', '.git/', 'target/'])
    const { working } = projectLayout(created.project.root)
    expect(await readFile(join(working, '.git/objects/x'), 'utf8')).toBe('blob')
    expect(identityOf(join(working, 'target/debug/a.o'))?.ino).toBeGreaterThan(1)
    await recorded(created, async ({ tracked, entries }) => {
      expect(tracked).toEqual(['a'])
      expect([...entries.keys()]).toEqual(['a'])
    })
  })

  it('keeps holes, and text over the limit as a pointer', async () => {
    await writeFile(at('sparse'), 'start')
    await truncate(at('sparse'), 64 * 1024 * 1024)
    await writeFile(at('large.txt'), 'line\n'.repeat(300_000))
    const created = await createProject(registry, { name: 'p', from: source })
    const sparse = join(projectLayout(created.project.root).working, 'sparse')
    expect((await stat(sparse)).size).toBe(64 * 1024 * 1024)
    expect((await stat(sparse)).blocks).toBeLessThan(1000)
    expect(identityOf(sparse)?.sparse).toBe(true)
    await recorded(created, async ({ entries, read }) => {
      expect(entries.get('large.txt')).toMatchObject({ text: false, size: 1_500_000 })
      expect((await read('large.txt')).toString()).toContain('size: 1500000')
    })
  })

  it('takes paths longer than the kernel takes at once', async () => {
    const name = 'd'.repeat(200)
    let fd = native.openAt(native.AT_FDCWD, bytes(source), constants.O_RDONLY, 0)
    for (let depth = 0; depth < 30; depth++) {
      expect(native.mkdirAt(fd, name, 0o755)).toBe(0)
      const next = native.openAt(fd, name, constants.O_RDONLY, 0)
      native.closeFd(fd)
      fd = next
    }
    const file = native.openAt(fd, 'deep', constants.O_WRONLY | constants.O_CREAT, 0o644)
    native.writeAt(file, Buffer.from('deep'), 0, 4, 0)
    expect(native.linkAt(fd, 'deep', fd, 'twice')).toBe(0)
    native.closeFd(file)
    native.closeFd(fd)
    const created = await createProject(registry, { name: 'p', from: source })
    await recorded(created, async ({ entries, read }) => {
      const path = `${`${name}/`.repeat(30)}deep`
      expect(entries.get(path)).toMatchObject({ size: 4, text: true })
      expect((await read(path)).toString()).toBe('deep')
      expect(entries.get(path.replace('deep', 'twice'))!.ino).toBe(entries.get(path)!.ino)
    })
  })

  it('of nothing gives an empty project', async () => {
    const { project, report } = await createProject(registry, { name: 'empty', from: null })
    const { working, index } = projectLayout(project.root)
    expect(report.plan).toBeNull()
    expect(await readdir(working)).toEqual([])
    expect(identityOf(working)).toMatchObject({ ino: 1, mode: 0o755 })
    expect((await stat(index)).size).toBeGreaterThan(0)
    expect((await registry.find('empty')).uuid).toBe(project.uuid)
  })
})

describe('an import that cannot be', () => {
  it.each([
    ['absent', 'E_SOURCE_MISSING'],
    ['file', 'E_SOURCE_MISSING'],
    ['../central/projects', 'E_SOURCE_CENTRAL'],
    ['..', 'E_SOURCE_CENTRAL'],
  ])('from %s is refused with %s and leaves nothing behind', async (from, code) => {
    await writeFile(at('file'), '')
    await expect(createProject(registry, { name: 'p', from: at(from) })).rejects.toMatchObject({ code })
    expect(await readdir(central.projects)).toEqual([])
  })

  it('of a name that is taken is refused', async () => {
    await createProject(registry, { name: 'p', from: null })
    await expect(createProject(registry, { name: 'P', from: null })).rejects.toMatchObject({ code: 'E_NAME_TAKEN' })
  })

  describe.runIf(asRoot)('because of a small disk', () => {
    let small: string
    beforeEach(async () => {
      small = join(directory, 'small')
      await mkdir(small)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=120m', 'ize-test', small])
    })
    afterEach(() => execFileSync('umount', [small]))

    it('is refused with figures before anything is copied', async () => {
      await writeFile(at('big'), Buffer.alloc(30 * 1024 * 1024, 1))
      const tight = new Registry(await openCentralDirectory(join(small, 'central')))
      await expect(createProject(tight, { name: 'p', from: source })).rejects.toMatchObject({
        code: 'E_SPACE',
        data: { needed: expect.any(Number), free: expect.any(Number) },
      })
      expect(await readdir(tight.central.projects)).toEqual([])
    })

    it('fails with a sentence when it becomes full meanwhile', async () => {
      await writeFile(at('big'), Buffer.alloc(10 * 1024 * 1024, 1))
      const { projects } = await openCentralDirectory(join(small, 'central'))
      const fill = ({ phase }: ImportProgress) =>
        void (phase === 'plan' && spawnSync('dd', ['if=/dev/zero', `of=${join(small, 'filler')}`, 'bs=1M']))
      await expect(importProject({ ...request(), projects }, fill, () => false)).rejects.toMatchObject({
        code: 'E_SPACE',
      })
    })
  })

  it('because it is cancelled leaves nothing behind', async () => {
    for (let i = 0; i < 300; i++) await writeFile(at(`f${i}`), `${i}`)
    const cancel = new AbortController()
    const created = createProject(registry, {
      name: 'p',
      from: source,
      signal: cancel.signal,
      progress: ({ phase }) => phase === 'plan' && cancel.abort(),
    })
    await expect(created).rejects.toMatchObject({ code: 'E_CANCELLED' })
    expect(await readdir(central.projects)).toEqual([])
    await createProject(registry, { name: 'p', from: source })
  })

  it('and was killed is swept at the next start, whatever is in it', async () => {
    await mkdir(join(central.projects, '.3f2504e0-4f89-41d3-9a0c-0305e82c3301.partial/working'), { recursive: true })
    await sweepLeftovers(central.projects)
    expect(await readdir(central.projects)).toEqual([])
  })
})

describe('a source that changes while it is imported', () => {
  it('has what vanished and what came named, and what grew copied as it is now', async () => {
    await mkdir(at('d'))
    await writeFile(at('d/goes'), 'x')
    await writeFile(at('d/grows'), 'x')
    const report = await importProject(
      request(),
      ({ phase }) => {
        if (phase !== 'plan') return
        rmSync(at('d/goes'))
        appendFileSync(at('d/grows'), 'yz')
        writeFileSync(at('d/comes'), '')
      },
      () => false,
    )
    expect(report.incomplete.map(({ path }) => path).sort()).toEqual(['d', 'd/goes'])
    expect(await readFile(join(central.projects, request().uuid, 'working/d/grows'), 'utf8')).toBe('xyz')
  })

  it('has the staging folder only until it is done', async () => {
    await writeFile(at('x'), 'x')
    const seen: string[][] = []
    await importProject(
      request(),
      () => seen.push(readdirSync(central.projects)),
      () => false,
    )
    expect(seen[0]).toEqual([stagingFolder('', request().uuid)])
    expect(await readdir(central.projects)).toEqual([request().uuid])
  })
})
