import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

let user: IzeUser
let mount: string

beforeEach(async () => {
  user = new IzeUser()
  mount = user.path('mount')
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', mount)
})
afterEach(() => user.remove())

it('a history is checked, sealed and tagged while it is being made', async () => {
  writeFileSync(`${mount}/notes.txt`, 'one\n')
  const name = (await user.ize('seal', 'thesis', '-m', 'with what was saved just now')).trimEnd()
  expect(await user.ize('show', 'thesis', `notes.txt@${name}`)).toBe('one\n')
  await user.ize('root', 'thesis', '--append', user.path('roots'))

  let going = true
  const writing = (async () => {
    for (let n = 0; going; n++) {
      writeFileSync(`${mount}/f${n % 20}`, `${n}\n`)
      await new Promise((done) => setTimeout(done, 20))
    }
  })()
  for (let n = 0; n < 3; n++) {
    writeFileSync(`${mount}/notes.txt`, `now ${n}\n`)
    await user.ize('tag', 'thesis', `t${n}`, '-m', 'x')
    expect(await user.ize('verify', 'thesis', '--root-file', user.path('roots'))).toMatch(/^Sound: /)
    expect(await user.ize('show', 'thesis', `notes.txt@t${n}`)).toBe(`now ${n}\n`)
  }
  going = false
  await writing
  await user.ize('unmount', 'thesis')
  expect(await user.ize('verify', 'thesis', '--root-file', user.path('roots'))).toMatch(/^Sound: .*3 tags/)
})
