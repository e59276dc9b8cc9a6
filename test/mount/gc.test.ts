import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

let user: IzeUser
beforeEach(() => {
  user = new IzeUser()
})
afterEach(() => user.remove())

it(
  'packs the store of a mounted project while it is written into, and every version stays',
  { timeout: 120_000 },
  async () => {
    const folder = join(user.home, 'work')
    mkdirSync(folder)
    await user.ize('init', 'thesis')
    await user.ize('mount', 'thesis', folder)
    const text = (n: number): string => Array.from({ length: 5000 }, (_, i) => `line ${i} of ${n}`).join('\n')
    for (let n = 1; n <= 8; n++) {
      writeFileSync(join(folder, 'notes.txt'), text(n))
      await user.ize('status', 'thesis', '--wait')
    }
    const packing = user.ize('gc', 'thesis', '--json')
    for (let n = 9; n <= 12; n++) {
      writeFileSync(join(folder, 'notes.txt'), text(n))
      await user.ize('status', 'thesis', '--wait')
    }
    const { before, after, objects } = JSON.parse(await packing) as { before: number; after: number; objects: number }
    expect(after).toBeLessThan(before)
    expect(objects).toBeGreaterThan(16)
    expect(await user.ize('gc', 'thesis')).toMatch(/became .* objects in it\./)
    for (const n of [1, 5, 8, 9, 12]) expect(await user.ize('show', 'thesis', `notes.txt@${n}`)).toBe(text(n))
    expect(await user.ize('verify', 'thesis')).toMatch(/sound|nothing wrong|checked/i)
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe(text(12))
    await user.ize('unmount', 'thesis')
  },
)
