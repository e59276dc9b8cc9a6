import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyPlainFiles, plainFiles } from '../../src-main/window/plain-files.ts'
import { IzeUser } from '../support/ize-command.ts'

// The files of projects without an engine: whatever is wrong with it, they are there.
let user: IzeUser
let central: string | undefined

beforeEach(async () => {
  user = new IzeUser()
  central = process.env['IZE_CENTRAL_DIR']
  process.env['IZE_CENTRAL_DIR'] = user.central
  mkdirSync(user.path('source/chapters'), { recursive: true })
  writeFileSync(user.path('source/chapters/one.txt'), 'one\n')
  writeFileSync(user.path('source/run.sh'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(Buffer.concat([Buffer.from(user.path('source/caf')), Buffer.from([0xe9])]), 'bytes\n')
  symlinkSync('run.sh', user.path('source/link'))
  await user.ize('init', 'thesis', '--from', user.path('source'))
  await user.ize('daemon', 'stop')
})

afterEach(async () => {
  if (central === undefined) delete process.env['IZE_CENTRAL_DIR']
  else process.env['IZE_CENTRAL_DIR'] = central
  await user.remove()
})

test('are found by the name of their project, and copied whole', async () => {
  const [project] = await plainFiles()
  expect(project).toMatchObject({ name: 'thesis' })
  const into = user.path('into')
  mkdirSync(into)
  const done = await copyPlainFiles(project!.id, into)
  expect(done).toEqual({ written: join(into, 'thesis'), files: 4, left: [], more: 0 })
  expect(readFileSync(join(into, 'thesis/chapters/one.txt'), 'utf8')).toBe('one\n')
  expect(readdirSync(join(into, 'thesis'), 'latin1').sort()).toEqual(['caf\xe9', 'chapters', 'link', 'run.sh'])
  expect(readlinkSync(join(into, 'thesis/link'))).toBe('run.sh')
  expect(statSync(join(into, 'thesis/run.sh')).mode & 0o777).toBe(0o755)
  expect((await copyPlainFiles(project!.id, into)).written).toBe(join(into, 'thesis 2'))
  expect(existsSync(join(user.central, 'engine.lock')) && user.enginePid() !== null).toBe(false)
})

test('of a project that does not say its name are found by its number', async () => {
  const [project] = await plainFiles()
  writeFileSync(join(user.central, 'projects', project!.id, 'meta/project.toml'), 'no = [toml')
  expect(await plainFiles()).toEqual([{ ...project, name: project!.id }])
})

test('that cannot be copied are named, and the others are', async () => {
  const [project] = await plainFiles()
  mkdirSync(user.path('into'))
  await expect(copyPlainFiles('nothing', user.path('into'))).rejects.toMatchObject({ code: 'E_PROJECT_UNKNOWN' })
  writeFileSync(user.path('a-file'), '')
  await expect(copyPlainFiles(project!.id, user.path('a-file'))).rejects.toMatchObject({ code: 'E_EXPORT_TARGET' })
  if (process.getuid?.() === 0) return
  chmodSync(join(project!.folder, 'chapters'), 0o000)
  const done = await copyPlainFiles(project!.id, user.path('into'))
  chmodSync(join(project!.folder, 'chapters'), 0o755)
  expect(done).toMatchObject({ files: 3, left: [{ path: 'chapters' }] })
})
