import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectEngine } from '../../src-main/client/connect.ts'
import type { EngineClient } from '../../src-main/client/engine-client.ts'
import { IzeUser } from '../support/ize-command.ts'

let user: IzeUser
let client: EngineClient

beforeEach(async () => {
  user = new IzeUser()
  mkdirSync(user.path('source'))
  // What no compression makes short, so that the check takes longer than opening the project.
  execFileSync('/bin/sh', ['-c', 'head -c 250000000 /dev/urandom > noise; echo one > notes.txt'], {
    cwd: user.path('source'),
  })
  await user.ize('init', 'thesis', '--from', user.path('source'))
  client = await connectEngine({ centralDirectory: user.central })
})
afterEach(async () => {
  client.close()
  await user.remove()
})

it('whoever needs an unmounted project does not wait until it is checked', async () => {
  const project = 'thesis'
  let checked = false
  let begun: () => void = () => undefined
  const reading = new Promise<void>((resolve) => (begun = resolve))
  const verified = client
    .request('seals.verify', { project, roots: [] }, { onProgress: () => begun() })
    .finally(() => (checked = true))
  await reading
  const { changes } = await client.request('history.changes', { project, limit: 10 })
  expect(changes).toHaveLength(1)
  expect(await client.request('projects.status', { project })).toMatchObject({ pending: { operations: 0 } })
  // A change is made meanwhile, by a session that was opened for it.
  await client.request('seals.make', { project, message: 'beside a check' })
  await expect(client.request('projects.remove', { project })).rejects.toMatchObject({ code: 'E_ENGINE_BUSY' })
  expect(checked).toBe(false)
  expect(await verified).toMatchObject({ faults: [] })
  const again = await client.request('seals.verify', { project, roots: [] })
  expect(again).toMatchObject({ faults: [], seals: changes.length + 1 })
})
