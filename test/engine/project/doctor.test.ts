import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
  chmod,
  cp,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryIndex } from '../../../src-main/engine/history/history-index.ts'
import { OplogWriter } from '../../../src-main/engine/oplog/oplog-writer.ts'
import { openCentralDirectory, type CentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { createProject, type CreatedProject } from '../../../src-main/engine/project/create-project.ts'
import { runDoctor } from '../../../src-main/engine/project/doctor.ts'
import type { Finding } from '../../../src-main/engine/project/finding.ts'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import * as native from '../../../src-main/engine/sys/native.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'

let directory: string
let central: CentralDirectory
let registry: Registry
let created: CreatedProject
let layout: ProjectLayout

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-doctor-')))
  central = await openCentralDirectory(join(directory, 'central'))
  registry = new Registry(central)
  const source = join(directory, 'source')
  await mkdir(join(source, 'sub'), { recursive: true })
  await writeFile(join(source, 'sub/a'), 'a')
  await writeFile(join(source, 'b'), 'b')
  await symlink('b', join(source, 'link'))
  created = await createProject(registry, { name: 'p', from: source })
  layout = projectLayout(created.project.root)
})
afterEach(() => removeTree(directory))

const check = (fix = false) =>
  runDoctor({ central, registry, project: created.project, signal: new AbortController().signal, fix })
const wrong = (findings: readonly Finding[]) =>
  findings.filter(({ level }) => level !== 'ok').map(({ check, level }) => `${check}: ${level}`)

describe('the doctor', () => {
  it('finds nothing wrong with a fresh project', async () => {
    const findings = await check()
    expect(wrong(findings)).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      'log',
      'state',
      'working',
      'pijul',
      'index',
      'objects',
      'seals',
      'files',
    ])
  })

  it('looks at the machine, too', async () => {
    const findings = await runDoctor({ central, registry, project: null, signal: new AbortController().signal })
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['node', 'fuse', 'fusermount3', 'central-dir', 'space', 'xattrs', 'settings', 'log']),
    )
    expect(
      findings
        .filter(({ check }) => ['node', 'central-dir', 'xattrs', 'settings'].includes(check))
        .map(({ level }) => level),
    ).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(await readdir(central.projects)).toEqual([created.project.uuid])
  })

  it('names settings and projects that cannot be read', async () => {
    await writeFile(central.configFile, 'nonsense = 1\n')
    await writeFile(layout.projectToml, '')
    await chmod(central.path, 0o755)
    const findings = await runDoctor({ central, registry, project: null, signal: new AbortController().signal })
    expect(wrong(findings)).toEqual(expect.arrayContaining(['central-dir: error', 'settings: error', 'project: error']))
    expect(findings.find(({ check }) => check === 'project')?.project).toBe(created.project.uuid)
  })

  it('makes a missing and a damaged index anew when told to', async () => {
    await rm(layout.index)
    expect(wrong(await check())).toEqual(['index: warning'])
    expect(wrong(await check(true))).toEqual(['index: note'])
    await writeFile(layout.index, 'not a database, but long enough to look like one'.repeat(100))
    expect(wrong(await check())).toEqual(['index: warning'])
    expect(wrong(await check(true))).toEqual(['index: note'])
    expect(wrong(await check())).toEqual([])
    const index = HistoryIndex.open(layout.index)
    expect(index.last()?.hash).toBe(created.report.changes.at(-1))
    index.close()
  })

  it('names missing contents, foreign and copied files, and what cannot be opened', async () => {
    await rename(join(layout.objects, 'pack'), join(directory, 'aside'))
    await writeFile(join(layout.working, 'foreign'), '')
    await cp(join(layout.working, 'b'), join(layout.working, 'copy'))
    const bytes = (path: string) => Buffer.from(path).toString('latin1')
    const identity = native.getXattr(native.AT_FDCWD, bytes(join(layout.working, 'b')), 'user.ize')
    native.setXattr(native.AT_FDCWD, bytes(join(layout.working, 'copy')), 'user.ize', identity as Buffer, 0)
    await rename(join(layout.working, 'link'), join(layout.working, 'moved'))
    const findings = await check()
    expect(wrong(findings).sort()).toEqual([
      'files: note',
      'identity: error',
      'identity: warning',
      'objects: error',
      'seals: warning',
    ])
    expect(findings.find(({ check, level }) => check === 'identity' && level === 'warning')?.message).toMatch(
      /^2 of working\/ .*"(foreign|moved)"/,
    )
    expect(findings.find(({ check }) => check === 'objects')?.message).toMatch(/"(b|sub\/a)"/)
  })

  it('tells a torn log from a damaged one and leaves both as they are', async () => {
    const writer = OplogWriter.open(layout.dirty, { segments: [], nextId: 1, startPosition: 0 })
    for (let i = 0; i < 3; i++) {
      expect(
        writer.append({ type: 'rmdir', ino: 5 as never, pid: 1, sec: 1, nsec: 1, path: `directory-${i}` }),
      ).toBeGreaterThan(0)
    }
    const { end } = writer
    writer.close()
    const [segment = ''] = (await readdir(layout.dirty)).filter((name) => name.endsWith('.oplog'))
    expect(wrong(await check())).toEqual([])
    await truncate(join(layout.dirty, segment), end - 5)
    expect(wrong(await check())).toEqual(['log: note'])
    const fd = native.openAt(native.AT_FDCWD, Buffer.from(join(layout.dirty, segment)).toString('latin1'), 2, 0)
    native.writeAt(fd, Buffer.from([0xff]), 0, 1, 64 + 70)
    native.closeFd(fd)
    expect(wrong(await check())).toEqual(['log: error'])
  })

  it('names a list of open files that is none', async () => {
    await writeFile(join(layout.dirty, 'writers'), '{"version": 1, "last": 0, "files": [{"ino":')
    expect(wrong(await check())).toContain('state: error')
  })

  it('says that a project in use is not looked into', async () => {
    const { IzeError } = await import('../../../src-main/engine/ize-error.ts')
    const busy = () => Promise.reject(new IzeError('E_ENGINE_BUSY', 'at work'))
    const findings = await runDoctor({
      central,
      registry,
      project: created.project,
      signal: new AbortController().signal,
      whileClosed: busy,
    })
    expect(wrong(findings)).toEqual(['open: note'])
  })
})

describe('the doctor, of seals and contents', () => {
  // Files are compared with the newest seal, where there is one.
  const told = (findings: readonly Finding[]): string[] => wrong(findings).filter((one) => !one.startsWith('files'))
  const flip = async (file: string, at: number): Promise<void> => {
    const bytes = await readFile(file)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(file, bytes)
  }

  it('makes the range and the head anew, the same as they were', async () => {
    const before = [await readFile(layout.mmr), await readFile(layout.head, 'latin1')]
    const damages: (() => Promise<void>)[] = [
      () => rm(layout.mmr),
      () => truncate(layout.mmr, 0),
      () => flip(layout.mmr, 3),
      () => rm(layout.head),
      () => writeFile(layout.head, 'nonsense'),
      () => rm(layout.refs, { recursive: true }),
    ]
    for (const damage of damages) {
      await damage()
      expect(told(await check())).toEqual(['seals: warning'])
      expect(told(await check(true))).toEqual(['seals: note'])
      expect(told(await check())).toEqual([])
      expect([await readFile(layout.mmr), await readFile(layout.head, 'latin1')]).toEqual(before)
    }
  })

  it('puts back what working/ or Pijul still has, and makes seals and trees anew', async () => {
    const before = await readFile(layout.mmr)
    await rm(join(layout.objects, 'pack'), { recursive: true })
    // Pijul alone has this one now.
    await writeFile(join(layout.working, 'b'), 'other')
    expect(told(await check()).sort()).toEqual(['objects: error', 'seals: warning'])
    expect(told(await check(true)).sort()).toEqual(['objects: note', 'seals: note'])
    // What was changed by hand is kept beside it.
    expect(told(await check())).toEqual(['identity: warning'])
    expect(await readFile(layout.mmr)).toEqual(before)
  })

  it('writes anew what cannot be read, wherever a byte of a pack is wrong', async () => {
    const before = await readFile(layout.mmr)
    const packs = join(layout.objects, 'pack')
    const [name = ''] = (await readdir(packs)).filter((one) => one.endsWith('.pack'))
    const { length } = await readFile(join(packs, name))
    for (let part = 1; part <= 8; part++) {
      await flip(join(packs, name), Math.floor((length * part) / 8) - 1)
      await check(true)
      expect(told(await check(true))).toEqual([])
      expect(await readFile(layout.mmr)).toEqual(before)
    }
  })
})
