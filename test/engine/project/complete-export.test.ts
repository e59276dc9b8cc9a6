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
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { completeExport } from '../../../src-main/engine/project/complete-export.ts'
import { createProject } from '../../../src-main/engine/project/create-project.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'

let directory: string
let source: string
let folder: string

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-export-')))
  source = join(directory, 'source')
  folder = join(directory, 'folder')
  await mkdir(join(source, 'src/node_modules/x'), { recursive: true })
  await mkdir(join(source, '.git'))
  await mkdir(join(source, 'target'))
  await writeFile(join(source, 'src/main.c'), 'main')
  await writeFile(join(source, 'src/node_modules/x/index.js'), 'js', { mode: 0o400 })
  await writeFile(join(source, 'src/.main.c.swp'), 'swp')
  await writeFile(join(source, '.git/HEAD'), 'ref')
  await link(join(source, '.git/HEAD'), join(source, '.git/ORIG_HEAD'))
  await symlink('HEAD', join(source, '.git/link'))
  await writeFile(join(source, 'target/CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55')
  await utimes(join(source, '.git'), 1000, 2000)
  await utimes(join(source, 'src'), 1000, 3000)
})
afterEach(() => removeTree(directory))

/** Imports the source, and exports of it what has a history, as history itself does. */
async function exported(): Promise<string> {
  const registry = new Registry(await openCentralDirectory(join(directory, 'central')))
  const { project } = await createProject(registry, { name: 'p', from: source })
  await mkdir(join(folder, 'src'), { recursive: true })
  await writeFile(join(folder, 'src/main.c'), 'main')
  return project.root
}

describe('an export', () => {
  it('is completed by what is not versioned, with links, modes and times', async () => {
    const root = await exported()
    const counts = await completeExport({
      root,
      folder,
      patterns: [],
      signal: new AbortController().signal,
      progress: () => undefined,
    })
    expect(counts).toEqual({ files: 6, directories: 4, bytes: 2 + 3 + 3 + 43 })
    expect((await readdir(folder)).sort()).toEqual(['.git', 'src', 'target'])
    expect(await readFile(join(folder, 'src/node_modules/x/index.js'), 'utf8')).toBe('js')
    expect((await stat(join(folder, 'src/node_modules/x/index.js'))).mode & 0o777).toBe(0o400)
    expect(await readFile(join(folder, 'src/.main.c.swp'), 'utf8')).toBe('swp')
    expect(await readlink(join(folder, '.git/link'))).toBe('HEAD')
    expect((await stat(join(folder, '.git/HEAD'))).ino).toBe((await stat(join(folder, '.git/ORIG_HEAD'))).ino)
    expect((await stat(join(folder, '.git'))).mtimeMs).toBe(2_000_000)
    expect((await lstat(join(folder, 'src'))).mtimeMs).toBe(3_000_000)
  })

  it('that is cancelled is emptied', async () => {
    const root = await exported()
    await expect(
      completeExport({ root, folder, patterns: [], signal: AbortSignal.abort(), progress: () => undefined }),
    ).rejects.toMatchObject({ code: 'E_CANCELLED' })
    expect(await readdir(folder)).toEqual([])
  })

  it('that would overwrite something stops with a sentence', async () => {
    const root = await exported()
    await mkdir(join(folder, '.git'))
    await expect(
      completeExport({ root, folder, patterns: [], signal: new AbortController().signal, progress: () => undefined }),
    ).rejects.toMatchObject({ code: 'E_EXPORT', message: expect.stringContaining('".git"') })
  })
})
