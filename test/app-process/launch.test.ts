import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { laterLaunch, placesOfPath, readLaunch, routeOfPath } from '../../src-main/app/launch.ts'
import { project } from './view.ts'

test('a path is taken from where the command was given', () => {
  expect(readLaunch(['/opt/ize', '--history', 'notes.txt'], '/home/me/thesis')).toEqual({
    route: null,
    history: '/home/me/thesis/notes.txt',
    hidden: false,
  })
  expect(readLaunch(['/opt/ize', '--hidden'], '/')).toEqual({ route: null, history: null, hidden: true })
  expect(readLaunch(['/opt/ize', '--history'], '/').history).toBeNull()
})

test('a path leads to the innermost project that is mounted there', () => {
  const outer = project({ name: 'home', mountPoint: '/home/me' })
  const route = routeOfPath('/home/me/thesis/a b.txt', [outer, project()])
  expect(route).toBe('/p/thesis?path=a+b.txt')
  expect(routeOfPath('/home/me/thesis', [project()])).toBe('/p/thesis')
  expect(routeOfPath('/home/me/thesis-2/a', [project()])).toBeNull()
  expect(routeOfPath('/home/me/thesis/a', [project({ mounted: false })])).toBeNull()
})

test('a later instance is understood by what it tells, not by the order in which Chromium puts its words', () => {
  const seen = { words: ['/opt/ize', '--history', '--enable-crashpad', 'notes.txt'], cwd: '/' }
  const told = { words: ['/opt/ize', '--history', 'notes.txt'], cwd: '/home/me' }
  expect(laterLaunch(told, seen).history).toBe('/home/me/notes.txt')
  expect(laterLaunch({ words: 'nonsense' }, { words: ['/opt/ize', 'ize://open/p/thesis'], cwd: '/' }).route).toBe(
    '/p/thesis',
  )
})

test('a path is looked for where its links lead, a link by its own name first, and what is gone too', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ize-launch-')))
  try {
    await mkdir(join(folder, 'work'))
    await writeFile(join(folder, 'work/notes.txt'), '')
    await symlink('work', join(folder, 'shortcut'))
    await symlink('notes.txt', join(folder, 'work/latest'))
    const places = async (path: string): Promise<string[]> =>
      (await placesOfPath(join(folder, path))).map((place) => place.slice(folder.length + 1))
    expect(await places('shortcut/notes.txt')).toEqual(['work/notes.txt'])
    expect(await places('shortcut/gone/too.txt')).toEqual(['work/gone/too.txt'])
    expect(await places('shortcut')).toEqual(['shortcut', 'work'])
    expect(await places('shortcut/latest')).toEqual(['work/latest', 'work/notes.txt'])
    expect(await placesOfPath('/')).toEqual(['/'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
