import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, realpath, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../../src-main/engine/project/create-project.ts'
import { previewImport, type ImportPreview } from '../../../src-main/engine/project/preview-import.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'

let directory: string
let registry: Registry
let source: string

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-preview-')))
  registry = new Registry(await openCentralDirectory(join(directory, 'central')))
  source = join(directory, 'Thesis')
  await mkdir(source)
})
afterEach(() => removeTree(directory))

const preview = (from = source): Promise<ImportPreview> => previewImport(registry, from, {})

describe('a preview', () => {
  it('says what the import would take in, as the import then says it, and writes nothing', async () => {
    await writeFile(join(source, 'notes.txt'), 'one\n')
    await mkdir(join(source, 'node_modules'))
    await writeFile(join(source, 'node_modules', 'x.js'), 'x')
    const found = await preview()
    expect(found).toMatchObject({ name: 'Thesis', folder: source, refused: null, large: [], secrets: [] })
    expect(await readdir(registry.central.projects)).toEqual([])
    const { report } = await createProject(registry, { name: 'Thesis', from: source })
    expect(found.plan).toMatchObject({ ...report.plan, free: expect.any(Number) })
    expect(found.plan.unversioned).toEqual(['node_modules/'])
  })

  it('names very large files, the largest first', async () => {
    for (const [name, megabytes] of [
      ['small', 10],
      ['film', 80],
      ['disk', 2000],
    ] as const) {
      await writeFile(join(source, name), '')
      await truncate(join(source, name), megabytes * 1024 * 1024)
    }
    expect((await preview()).large).toEqual([
      { path: 'disk', bytes: 2000 * 1024 * 1024 },
      { path: 'film', bytes: 80 * 1024 * 1024 },
    ])
  })

  it('points out what looks like a key or a password, by names and first bytes', async () => {
    await mkdir(join(source, 'keys'))
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n'
    for (const [name, text] of [
      ['keys/id_ed25519', key],
      ['keys/id_ed25519.pub', 'ssh-ed25519 AAAA'],
      ['keys/server.pem', key],
      ['keys/chain.pem', '-----BEGIN CERTIFICATE-----\nMIIE\n'],
      ['.env', 'PASSWORD=x'],
      ['.env.production', 'PASSWORD=x'],
      ['.env.example', 'PASSWORD='],
      ['vault.kdbx', '\x03\xd9\xa2\x9a'],
      ['credentials.json', '{}'],
      ['.npmrc', 'save-exact=true\n'],
      ['notes.txt', key],
      ['empty.pem', ''],
    ] as const) {
      await writeFile(join(source, name), text)
    }
    const { secrets } = await preview()
    expect(secrets.map(({ path }) => path).toSorted()).toEqual([
      '.env',
      '.env.production',
      'credentials.json',
      'keys/id_ed25519',
      'keys/server.pem',
      'vault.kdbx',
    ])
  })

  it('proposes a name that is free and valid', async () => {
    await createProject(registry, { name: 'thesis', from: null })
    await createProject(registry, { name: 'Thesis 2', from: null })
    expect((await preview()).name).toBe('Thesis 3')
    for (const [folder, name] of [
      ['.config', 'config'],
      ['-- a\tb\\c', 'a b c'],
      ['...', 'project'],
      ['ä'.repeat(100), 'ä'.repeat(45)],
    ] as const) {
      await mkdir(join(directory, folder))
      expect((await preview(join(directory, folder))).name).toBe(name)
    }
  })

  it.each([
    ['a file', 'file'],
    ['a symbolic link to a file', 'link'],
    ['nothing', 'absent'],
    ['what holds the central directory', '..'],
    ['the root', '../../../../../../../..'],
    ['what lies in the central directory', '../central/projects'],
  ])('refuses %s as the import does', async (_what, path) => {
    await writeFile(join(source, 'file'), '')
    await symlink('file', join(source, 'link'))
    const from = join(source, path)
    const { refused, plan } = await preview(from)
    const error: unknown = await createProject(registry, { name: 'x', from }).catch((reason: unknown) => reason)
    expect(refused).toMatchObject({ code: (error as { code: string }).code, message: (error as Error).message })
    expect(plan.files).toBe(0)
  })

  it('follows a symbolic link to a folder', async () => {
    await symlink(source, join(directory, 'link'))
    expect(await preview(join(directory, 'link'))).toMatchObject({ folder: source, name: 'link', refused: null })
  })

  it('looks through 100,000 files with progress, and ends when it is told to', async () => {
    for (let folder = 0; folder < 100; folder++) {
      await mkdir(join(source, `${folder}`))
      for (let n = 0; n < 1000; n++) closeSync(openSync(join(source, `${folder}`, `${n}`), 'w'))
    }
    const seen: number[] = []
    const { plan } = await previewImport(registry, source, { progress: ({ files }) => seen.push(files) })
    expect(plan).toMatchObject({ files: 100_000, directories: 100 })
    expect(seen.length).toBeGreaterThan(10)
    const stop = new AbortController()
    const cancelled = previewImport(registry, source, { signal: stop.signal, progress: () => stop.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'E_CANCELLED' })
    expect((await stat(source)).isDirectory()).toBe(true)
    expect(existsSync(join(registry.central.projects, '.partial'))).toBe(false)
  })
})
