import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { forgetPlaces } from '../../src-main/engine/sys/failpoint.ts'
import { CrashProject } from '../support/crash-project.ts'
import { findSecret } from '../support/find-secret.ts'

const CONFIG = 'record.quiet-ms = 20\nrecord.max-wait-ms = 60\n'
const killed = { code: null, signal: 'SIGKILL' }

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

// And within the folding, decided and not, and the packing that belong to it.
const here = [...forgetPlaces, 'fold-made', 'fold-parted', 'collection-marked'] as const

test.each(here)('killed at "%s", what was to be forgotten is gone after the next start', async (place) => {
  project = await CrashProject.create(CONFIG)
  const { root, engine } = project
  const secret = `SECRET-${randomBytes(24).toString('hex')}`
  const save = async (text: string): Promise<void> => {
    await project?.shell(`{ printf '%s\\n' ${text}; seq 500; } > key.txt`)
    await project?.flush()
  }
  await save(secret)
  await save(`other-${secret}`)
  await save('clean')
  await engine.stop()
  expect(findSecret(root, secret)).not.toEqual([])

  expect(await project.restart({ IZE_FAILPOINT: `${place}:1` })).toBeNull()
  await expect(engine.ask('history.forget', { project: 'crash', path: 'key.txt' })).rejects.toThrow()
  expect(await engine.whenEnded()).toEqual(killed)
  // And once more while the next start finishes it.
  const again = await project.restart({ IZE_FAILPOINT: `${place}:1` })
  if (again !== null) expect(again).toEqual(killed)
  else await engine.kill()

  expect(await project.restart()).toBeNull()
  await project.flush()
  expect(findSecret(root, secret)).toEqual([])
  expect(existsSync(join(projectLayout(root).meta, 'forgetting'))).toBe(false)
  const { entries } = await engine.ask('history.entries', { project: 'crash', path: 'key.txt', limit: 10 })
  expect(entries.map(({ version, forgotten }) => [version, forgotten])).toEqual([
    [3, false],
    [2, true],
    [1, true],
  ])
  const read = engine.ask('content.open', { project: 'crash', path: 'key.txt', version: '1' })
  await expect(read).rejects.toMatchObject({ code: 'E_FORGOTTEN' })
  expect(await project.shell('head -1 key.txt')).toBe('clean\n')
  expect((await engine.ask('seals.verify', { project: 'crash', roots: [] })).faults).toEqual([])
})
