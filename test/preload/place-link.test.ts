import { expect, test } from 'vitest'
import { historyRoute, linkTo, routeOfArguments, routeOfLink } from '../../src-preload/place-link.ts'

test('a link leads back to the route it was made of, whatever the names', () => {
  const route = historyRoute('my thesis', 'a b/ü?&#%FF.txt')
  expect(routeOfLink(linkTo(route))).toBe(route)
  expect(new URLSearchParams(route.split('?', 2)[1]).get('path')).toBe('a b/ü?&#%FF.txt')
})

test('what is no link of ours names no route', () => {
  for (const link of ['https://open/p/x', 'ize://other/p/x', 'ize://openp/x', `ize://open/${'x'.repeat(20_000)}`]) {
    expect(routeOfLink(link)).toBeNull()
  }
})

test('the last link among the words of a command line counts', () => {
  expect(routeOfArguments(['/opt/ize', '--flag', 'ize://open/p/a', 'ize://open/p/b'])).toBe('/p/b')
  expect(routeOfArguments(['/opt/ize'])).toBeNull()
})
