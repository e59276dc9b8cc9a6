import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

let user: IzeUser
beforeEach(() => {
  // The third step into working/ fails, and every one from then on.
  user = new IzeUser({ IZE_FAILPOINT: 'step:3:fail' })
})
afterEach(() => user.remove())

it('no mount begins on a tree that a failing plan has half changed', { timeout: 60_000 }, async () => {
  const folder = user.path('work')
  mkdirSync(folder)
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', folder)
  for (const name of ['a', 'b', 'c', 'd', 'e']) writeFileSync(`${folder}/${name}`, name)
  await until(async () => (await user.ize('status', 'thesis')).includes('stopped'))
  await user.ize('unmount', 'thesis')
  const refused = await user.run(['mount', 'thesis', folder])
  expect(refused.code).not.toBe(0)
  expect(refused.errors).toContain('the failpoint step was reached')
  await user.ize('daemon', 'stop')

  delete user.env['IZE_FAILPOINT']
  await user.ize('mount', 'thesis', folder)
  for (const name of ['a', 'b', 'c', 'd', 'e']) expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe(name)
  await user.ize('unmount', 'thesis')
})
