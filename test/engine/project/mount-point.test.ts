import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { MountPoints, NOTE } from '../../../src-main/engine/project/mount-point.ts'
import { within } from '../../../src-main/engine/project/mounts.ts'

let directory: string
let points: MountPoints

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-mount-point-')))
  points = new MountPoints(await openCentralDirectory(join(directory, 'central')))
})
afterEach(async () => {
  for (const name of await readdir(directory)) await chmod(join(directory, name), 0o700).catch(() => undefined)
  await rm(directory, { recursive: true })
})

const at = (name: string) => join(directory, name)

describe('a mount point', () => {
  it('is made when it is absent, with the folders above it', async () => {
    expect(await points.prepare(at('a/b/c'), [])).toEqual({ mountPoint: at('a/b/c'), kept: null })
    expect((await stat(at('a/b/c'))).isDirectory()).toBe(true)
  })

  it('is 0555 with one note when nothing is mounted there, and can be mounted again', async () => {
    await points.prepare(at('m'), [])
    await points.release(at('m'))
    await points.release(at('m'))
    expect(await readdir(at('m'))).toEqual([NOTE])
    expect((await stat(at('m'))).mode & 0o7777).toBe(0o555)
    expect(await readFile(join(at('m'), NOTE), 'utf8')).toContain('Nothing is lost')
    expect(await points.prepare(at('m'), [])).toEqual({ mountPoint: at('m'), kept: null })
  })

  it('that was filled while unmounted has that moved beside it, whole and named', async () => {
    await points.prepare(at('m'), [])
    await points.release(at('m'))
    await chmod(at('m'), 0o755)
    await mkdir(join(at('m'), 'sub'))
    await writeFile(join(at('m'), 'sub/x'), 'x')
    await writeFile(Buffer.concat([Buffer.from(`${at('m')}/`), Buffer.from([0xff, 0x61])]), 'bytes')
    const { kept } = await points.prepare(at('m'), [])
    expect(kept).toMatch(/m \(found \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\)$/)
    expect(await readFile(join(kept!, 'sub/x'), 'utf8')).toBe('x')
    expect(await readFile(Buffer.concat([Buffer.from(`${kept}/`), Buffer.from([0xff, 0x61])]), 'utf8')).toBe('bytes')
    expect(await readdir(at('m'))).toEqual([NOTE])
  })

  it('that is not empty is refused, naming what is in it, and stays as it is', async () => {
    await mkdir(at('full'))
    for (const name of ['one', 'two', 'three', 'four']) await writeFile(join(at('full'), name), '')
    await expect(points.prepare(at('full'), [])).rejects.toMatchObject({
      code: 'E_MOUNT_NOT_EMPTY',
      message: expect.stringMatching(/".*", ".*", ".*" and 1 more/),
    })
    expect((await readdir(at('full'))).length).toBe(4)
  })

  it('that is a file, or below one, is refused', async () => {
    await writeFile(at('file'), '')
    await expect(points.prepare(at('file'), [])).rejects.toMatchObject({ code: 'E_MOUNT_NOT_DIRECTORY' })
    await expect(points.prepare(at('file/x'), [])).rejects.toMatchObject({ code: 'E_MOUNT_NOT_DIRECTORY' })
    await expect(points.prepare('relative', [])).rejects.toMatchObject({ code: 'E_MOUNT_NOT_DIRECTORY' })
  })

  it('in or around the central directory is refused, through a link too', async () => {
    await expect(points.prepare(at('central/projects/x'), [])).rejects.toMatchObject({ code: 'E_MOUNT_INSIDE_CENTRAL' })
    await expect(points.prepare(directory, [])).rejects.toMatchObject({ code: 'E_MOUNT_INSIDE_CENTRAL' })
    await symlink(at('central'), at('link'))
    await expect(points.prepare(at('link'), [])).rejects.toMatchObject({ code: 'E_MOUNT_INSIDE_CENTRAL' })
    expect(await readdir(at('central'))).toEqual(['projects'])
  })

  it.each(['/', '/etc', '/usr/share/ize', '/proc/1', '/tmp', homedir()])('at %s is refused', async (path) => {
    await expect(points.prepare(path, [])).rejects.toMatchObject({
      code: expect.stringMatching(/^E_MOUNT_(SYSTEM|INSIDE_CENTRAL)$/),
    })
  })

  it('of a removed project loses the note, and is removed when nothing else is in it', async () => {
    await points.prepare(at('m'), [])
    await points.release(at('m'))
    await points.abandon(at('m'))
    await expect(lstat(at('m'))).rejects.toMatchObject({ code: 'ENOENT' })
    await points.release(at('gone'))
    await points.abandon(at('gone'))
    await mkdir(at('own'))
    await points.abandon(at('own'))
    expect((await stat(at('own'))).isDirectory()).toBe(true)
  })
})

it('a folder holds itself and what is below it, and nothing that merely begins like it', () => {
  expect([within('/a/b', '/a'), within('/a', '/a'), within('/a', '/'), within('/ab', '/a'), within('/', '/a')]).toEqual(
    [true, true, true, false, false],
  )
})
