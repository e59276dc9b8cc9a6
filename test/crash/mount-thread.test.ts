import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { CrashProject } from '../support/crash-project.ts'

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

/** Ten files; each of them is made, written and closed, which is three operations. */
const TEN_FILES = 'for i in 1 2 3 4 5 6 7 8 9 10; do echo "file $i" > $i; done'

async function startedWith(failpoint: string): Promise<CrashProject> {
  project = await CrashProject.create('record.quiet-ms = 40\nrecord.max-wait-ms = 150\n')
  await project.engine.stop()
  expect(await project.restart({ IZE_FAILPOINT: failpoint })).toBeNull()
  return project
}

test('a request that throws is answered EIO, and no other one notices', async () => {
  const { engine, root, shell } = bound(await startedWith('logging:8:throw'))
  expect(await shell(TEN_FILES)).toBe('/bin/bash: line 1: echo: write error: Input/output error\n')
  expect(await shell('wc -c *')).toContain('0 3\n')
  await engine.ask('projects.flush', { project: 'crash' })
  expect(readFileSync(join(projectLayout(root).working, '10'), 'utf8')).toBe('file 10\n')
  const { problem, mounted } = await engine.ask('projects.status', { project: 'crash' })
  expect(mounted).toBe(true)
  expect(problem).toContain('logging')
})

test.each([
  ['that hangs in a request', 'logging:8:hang', 'did not answer'],
  ['that hangs between two requests', 'between-requests:1:hang', 'did not answer'],
  ['that throws between two requests', 'between-requests:1:throw', 'between-requests'],
])('nobody waits for a mount thread %s; what it had answered is there', async (_how, failpoint, said) => {
  const { engine, root, shell, flush } = bound(await startedWith(failpoint))
  // The first recording brings messages to the mount thread.
  const endless = 'i=1; while echo "file $i" > $i; do echo $i; i=$((i + 1)); [ $i -lt 1000 ] || sleep 0.1; done'
  const output = await shell(endless)
  expect(output).toMatch(/Transport endpoint is not connected|Software caused connection abort|Input\/output error/)
  const returned = output.split('\n').filter((line) => /^\d+$/.test(line))
  const status = async () => engine.ask('projects.status', { project: 'crash' })
  await expect.poll(async () => (await status()).mounted, { timeout: 30_000 }).toBe(false)
  expect((await status()).problem).toContain(said)

  // A new mount thread would come by there again, but for one that only reads.
  if (!failpoint.startsWith('logging')) {
    await engine.stop()
    await engine.start()
  }
  await engine.ask('projects.mount', { project: 'crash' })
  expect(await shell('cat 1')).toBe('file 1\n')
  await flush()
  for (const name of returned)
    expect(readFileSync(join(projectLayout(root).working, name), 'utf8')).toBe(`file ${name}\n`)
})

function bound(one: CrashProject): Pick<CrashProject, 'engine' | 'root' | 'shell' | 'flush'> {
  const { engine, root } = one
  return {
    engine,
    root,
    shell: (script) => one.shell(script),
    flush: () => one.flush(),
  }
}
