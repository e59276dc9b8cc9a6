import { expect, test } from 'vitest'
import { readLaunch, routeOfPath } from '../../src-main/app/launch.ts'
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
