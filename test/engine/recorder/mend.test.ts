import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, readlink, realpath, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises' // prettier-ignore
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../../src-main/engine/project/create-project.ts'
import { checkFiles } from '../../../src-main/engine/project/doctor-files.ts'
import { Findings } from '../../../src-main/engine/project/finding.ts'
import { projectLayout, type ProjectLayout } from '../../../src-main/engine/project/layout.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import { StateFile } from '../../../src-main/engine/oplog/state-file.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'
import { linesOf, openRecorder, OTHER_BOOT } from '../../support/power-cut.ts'

let directory: string
let layout: ProjectLayout

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-mend-')))
  const registry = new Registry(await openCentralDirectory(join(directory, 'central')))
  const source = join(directory, 'source')
  await mkdir(join(source, 'sub/deep'), { recursive: true })
  await mkdir(join(source, 'node_modules/x'), { recursive: true })
  await writeFile(join(source, 'sub/a'), 'a')
  await writeFile(join(source, 'sub/deep/c'), 'c'.repeat(100_000))
  await writeFile(join(source, 'b'), 'b', { mode: 0o751 })
  execFileSync('ln', [join(source, 'b'), join(source, 'b2')])
  await writeFile(join(source, 'node_modules/x/index.js'), 'x')
  await symlink('b', join(source, 'link'))
  const { project } = await createProject(registry, { name: 'p', from: source })
  layout = projectLayout(project.root)
})
afterEach(() => removeTree(directory))

const at = (path: string): string => join(layout.working, path)
const text = (path: string): Promise<string> => readFile(at(path), 'utf8')

async function doctor(fix: boolean): Promise<readonly string[]> {
  const findings = new Findings('p')
  await checkFiles(findings, layout, fix)
  return findings.list.map(({ level, message }) => `${level}: ${message}`)
}

/** What the hand did to the times of folders and to the change time cannot be known. */
function facts(): unknown[] {
  return linesOf(layout.root).map((line) => {
    const file = JSON.parse(line) as { size: number; mtime: unknown; ctime: unknown }
    return { ...file, ctime: null, mtime: file.size < 0 ? null : file.mtime }
  })
}

/** Everything as it was, inode numbers included. */
async function comesBack(damage: () => Promise<unknown>): Promise<readonly string[]> {
  const before = facts()
  await damage()
  expect(facts()).not.toEqual(before)
  const named = await doctor(false)
  expect(named[0]).toMatch(/^error: /)
  await doctor(true)
  expect(facts()).toEqual(before)
  expect(await doctor(false)).toEqual([SOUND])
  return named
}

const SOUND = 'ok: working/ has every versioned file as history has it.'

describe('what happened to a versioned file in working/ by hand', () => {
  it('is nothing in a project that was imported', async () => {
    expect(await doctor(false)).toEqual([SOUND])
    expect(await doctor(true)).toEqual([SOUND])
  })

  it('a file that was moved goes back', async () => {
    expect(await comesBack(() => rename(at('sub/a'), at('elsewhere')))).toEqual([expect.stringContaining('misplaced')])
  })

  it('a folder that was moved goes back with all that is in it', async () => {
    await comesBack(() => rename(at('sub'), at('node_modules/sub')))
  })

  it('two files that took the place of each other change back', async () => {
    await comesBack(async () => {
      await rename(at('sub/a'), at('t'))
      await rename(at('b'), at('sub/a'))
      await rename(at('t'), at('b'))
    })
  })

  it('one name of two comes back as a name of the same file', async () => {
    await comesBack(() => rm(at('b2')))
  })

  it('a file that lost its identity gets it again', async () => {
    await comesBack(() => Promise.resolve(execFileSync('setfattr', ['-x', 'user.ize', at('sub/a')])))
  })

  it('a mode and a time that were changed are set again', async () => {
    await comesBack(async () => {
      await chmod(at('b'), 0o777)
      await utimes(at('sub/a'), 1, 1)
    })
  })

  it('a file that was deleted comes back with content, mode and time', async () => {
    const before = await stat(at('sub/deep/c'))
    await rm(at('sub/deep/c'))
    expect(await doctor(false)).toEqual([expect.stringContaining('"sub/deep/c" missing')])
    await doctor(true)
    expect(await text('sub/deep/c')).toBe('c'.repeat(100_000))
    expect((await stat(at('sub/deep/c'))).mtimeMs).toBe(before.mtimeMs)
    expect(await doctor(false)).toEqual([SOUND])
  })

  it('a folder and a link that were deleted come back', async () => {
    await rm(at('sub'), { recursive: true })
    await rm(at('link'))
    await doctor(true)
    expect(await text('sub/deep/c')).toBe('c'.repeat(100_000))
    expect(await readlink(at('link'))).toBe('b')
    expect(await doctor(false)).toEqual([SOUND])
  })

  it('a file that was changed comes back, and the change is kept beside it', async () => {
    await writeFile(at('sub/a'), 'by hand')
    expect(await doctor(false)).toEqual([expect.stringContaining('"sub/a" changed')])
    expect((await doctor(true))[0]).toContain('kept as "sub/a (changed by hand)"')
    expect([await text('sub/a'), await text('sub/a (changed by hand)')]).toEqual(['a', 'by hand'])
  })

  it('bytes that differ while size and time are the same are found', async () => {
    const { atime, mtime } = await stat(at('sub/a'))
    await writeFile(at('sub/a'), 'A')
    await utimes(at('sub/a'), atime, mtime)
    await doctor(true)
    expect(await text('sub/a')).toBe('a')
  })

  it('what stands in its place is kept under another name', async () => {
    await rm(at('sub'), { recursive: true })
    await writeFile(at('sub'), 'a file now')
    await doctor(true)
    expect([await text('sub/a'), await text('sub (kept by Ize)')]).toEqual(['a', 'a file now'])
  })

  it('what is not versioned stays as it is', async () => {
    await writeFile(at('node_modules/x/more.js'), 'more')
    await writeFile(at('node_modules/x/index.js'), 'changed')
    expect(await doctor(true)).toEqual([SOUND])
    expect([await text('node_modules/x/more.js'), await text('node_modules/x/index.js')]).toEqual(['more', 'changed'])
  })

  it('a content that the store lacks is named, and what is there stays', async () => {
    await writeFile(at('sub/a'), 'by hand')
    await rm(at('b'))
    await rm(at('b2'))
    await rename(join(layout.objects, 'pack'), join(directory, 'aside'))
    expect(await doctor(true)).toEqual([expect.stringMatching(/^note: Files cannot be compared/)])
    expect(await text('sub/a')).toBe('by hand')
  })
})

describe('after the machine ended', () => {
  const endMachine = (): void => {
    const file = new StateFile(layout.dirty)
    file.write({ ...file.read(), boot: OTHER_BOOT, clean: false })
    file.close()
  }

  async function opened(): Promise<readonly string[]> {
    const { recorder, notices } = await openRecorder(layout, ['node_modules/'])
    await recorder.close()
    return notices
  }

  it('nothing is said when nothing is amiss', async () => {
    endMachine()
    expect(await opened()).toEqual([])
  })

  it('what is missing, empty or misplaced is mended when the project is opened', async () => {
    const before = facts()
    await rename(at('sub/a'), at('gone'))
    await rename(at('b'), at('node_modules/b'))
    await truncate(at('sub/deep/c'), 0)
    endMachine()
    expect(await opened()).toEqual([
      expect.stringMatching(/^The machine had stopped while files were being taken in: /),
    ])
    // It was empty for a reason that nobody knows.
    expect(await text('sub/deep/c (changed by hand)')).toBe('')
    await rm(at('sub/deep/c (changed by hand)'))
    // Of two names, one that nobody took away stays.
    await rm(at('node_modules/b'))
    expect(facts()).toEqual(before)
    expect(await opened()).toEqual([])
  })

  it('a file whose time is another and whose bytes are the same gets its time back, and no copy is made', async () => {
    const before = facts()
    await utimes(at('sub/a'), 1, 1)
    endMachine()
    await opened()
    expect(facts()).toEqual(before)
  })

  it('what lies in tmp/ without an identity goes only when it can be made again', async () => {
    const before = facts()
    const { ino } = JSON.parse(linesOf(layout.root).find((line) => line.includes('"sub/a"')) ?? '') as { ino: number }
    // A version on its way, of which the store has all; a new folder; what nobody knows, and perhaps nobody else has.
    await writeFile(join(layout.tmp, String(ino)), 'half')
    await mkdir(join(layout.tmp, '1000'))
    await writeFile(join(layout.tmp, '1001'), 'the only copy')
    await mkdir(join(layout.tmp, '1002'))
    await writeFile(join(layout.tmp, '1002/x'), 'the only copy too')
    endMachine()
    expect(await opened()).toEqual([expect.stringMatching(/2 files were in the way and kept under another name/)])
    expect(await text('.ize-on-its-way-1001 (kept by Ize)')).toBe('the only copy')
    expect(await text('.ize-on-its-way-1002 (kept by Ize)/x')).toBe('the only copy too')
    await rm(at('.ize-on-its-way-1001 (kept by Ize)'))
    await rm(at('.ize-on-its-way-1002 (kept by Ize)'), { recursive: true })
    expect(facts()).toEqual(before)
    expect(await opened()).toEqual([])
  })

  it('is told from an end of the engine alone', async () => {
    await rm(at('sub/a'))
    expect(await opened()).toEqual([])
    await expect(text('sub/a')).rejects.toThrow('ENOENT')
  })
})
