import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCentralDirectory, type CentralDirectory } from '../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../src-main/engine/project/create-project.ts'
import { mountHolders } from '../../src-main/engine/project/mount-holders.ts'
import { MountPoints } from '../../src-main/engine/project/mount-point.ts'
import { izeMounts } from '../../src-main/engine/project/mounts.ts'
import { Registry } from '../../src-main/engine/project/registry.ts'
import { clearStaleMounts, detach } from '../../src-main/engine/project/stale-mounts.ts'
import { closeFd, mountDirect, mountViaHelper } from '../../src-main/engine/sys/native.ts'

let directory: string
let central: CentralDirectory
let points: MountPoints

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'ize stale\\-')))
  central = await openCentralDirectory(join(directory, 'central'))
  points = new MountPoints(central)
})
afterEach(async () => {
  for (const { path } of await izeMounts()) if (path.startsWith(directory)) await detach(path)
  await rm(directory, { recursive: true })
})

/** What a dead engine leaves: a mount whose descriptor is closed. */
async function deadMount(name: string): Promise<string> {
  const path = join(directory, name)
  await mkdir(path, { recursive: true })
  closeFd(liveMount(path))
  return path
}

/** A mount that is there but answers nothing. */
function liveMount(path: string): number {
  const options = 'default_permissions'
  const bytes = Buffer.from(path).toString('latin1')
  const fd =
    process.geteuid?.() === 0
      ? mountDirect(bytes, options, 'ize')
      : mountViaHelper(bytes, options, 'ize', 'fusermount3')
  expect(fd).toBeGreaterThanOrEqual(0)
  return fd
}

describe('a mount whose engine died', () => {
  it('is seen in the table of mounts with spaces and backslashes, and cleared', async () => {
    const path = await deadMount('dead one')
    expect((await izeMounts()).map((mount) => mount.path)).toContain(path)
    await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOTCONN' })
    expect(await clearStaleMounts(path, [])).toEqual([path])
    expect(await readdir(path)).toEqual([])
  })

  it('is cleared when a project is to be mounted there', async () => {
    const path = await deadMount('dead')
    expect(await points.prepare(path, [])).toEqual({ mountPoint: path, kept: null })
    expect((await izeMounts()).some((mount) => mount.path === path)).toBe(false)
  })
})

describe('a mount that lives', () => {
  it('is no place for another, nor for a folder to import, and is not touched to find that out', async () => {
    const path = join(directory, 'outer/live')
    await mkdir(path, { recursive: true })
    const fd = liveMount(path)
    try {
      await expect(points.prepare(path, [path])).rejects.toMatchObject({ code: 'E_MOUNTED' })
      await expect(points.prepare(join(path, 'below'), [path])).rejects.toMatchObject({ code: 'E_MOUNT_INSIDE_MOUNT' })
      await expect(points.prepare(join(directory, 'outer'), [path])).rejects.toMatchObject({
        code: 'E_MOUNT_INSIDE_MOUNT',
      })
      const registry = new Registry(central)
      for (const from of [path, join(path, 'below'), join(directory, 'outer')]) {
        await expect(createProject(registry, { name: 'x', from })).rejects.toMatchObject({ code: 'E_UNDER_MOUNT' })
      }
      await points.release(path)
    } finally {
      closeFd(fd)
    }
  })
})

describe('who holds a mount', () => {
  it('is found by working directory, open and mapped files', async () => {
    const held = join(directory, 'held')
    await mkdir(held)
    await writeFile(join(held, 'file ä'), 'x')
    const shell = spawn('sh', ['-c', 'exec 3< "file ä"; echo ready; read line'], {
      cwd: held,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(shell.stdout, 'data')
    const holders = await mountHolders(held)
    shell.stdin.end('\n')
    await once(shell, 'exit')
    expect(holders).toEqual(
      expect.arrayContaining([
        { pid: shell.pid, program: 'sh', path: '' },
        { pid: shell.pid, program: 'sh', path: Buffer.from('file ä').toString('latin1') },
      ]),
    )
    expect((await mountHolders(held)).filter(({ pid }) => pid === shell.pid)).toEqual([])
  })
})
