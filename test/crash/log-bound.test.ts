import { afterEach, expect, test } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { CrashProject } from '../support/crash-project.ts'

const MIB = 1024 * 1024
const BOUND = 2 * MIB
const CONFIG = `log.limit-bytes = ${BOUND}\nrecord.quiet-ms = 40\nrecord.max-wait-ms = 150\n`

let project: CrashProject | null = null
afterEach(async () => {
  await project?.remove()
  project = null
})

async function logOf({ engine }: CrashProject) {
  return (await engine.ask('projects.status', { project: 'crash' })).log
}

async function untilParked(one: CrashProject): Promise<void> {
  await expect.poll(async () => (await logOf(one)).parked, { timeout: 30_000, interval: 20 }).toBeGreaterThan(0)
}

/** A project whose engine comes by a failpoint, with a file that is in history and one that may go. */
async function startedWith(failpoint: string): Promise<CrashProject> {
  project = await CrashProject.create(CONFIG)
  await project.shell('echo kept > kept; echo goes > goes')
  await project.flush()
  await project.engine.stop()
  expect(await project.restart({ IZE_FAILPOINT: failpoint })).toBeNull()
  return project
}

test('a burst of ten times the bound comes through, and reads and removals do not wait for it', async () => {
  project = await CrashProject.create(CONFIG)
  const { shell } = bound(project)
  await shell('mkdir small && cd small && for i in $(seq 400); do echo $i > $i; done')
  const burst = ['a', 'b', 'c'].map((name) => shell(`head -c ${8 * MIB} /dev/urandom | tee "$PLAIN/${name}" > ${name}`))
  let done = false
  const all = Promise.all(burst).finally(() => (done = true))
  let most = 0
  let parked = false
  let removed = 0
  while (!done) {
    const log = await logOf(project)
    most = Math.max(most, log.bytes)
    parked ||= log.parked > 0
    if (removed < 400) expect(await shell(`cd small && cat ${++removed} && rm ${removed}`)).toBe(`${removed}\n`)
  }
  expect(await all).toEqual(['', '', ''])
  expect(parked).toBe(true)
  expect(removed).toBeGreaterThan(1)
  // What is on its way when the bound is reached may go over it.
  expect(most).toBeLessThan(BOUND + 4 * MIB)
  expect(await shell('for f in a b c; do cmp $f "$PLAIN/$f" || echo $f; done')).toBe('')
  await project.flush()
  const { working } = projectLayout(project.root)
  expect(await shell(`for f in a b c; do cmp $f "$PLAIN/$f" || echo $f; done; ls small | wc -l`, working)).toBe(
    `${400 - removed}\n`,
  )
})

test('with a recorder that does not come on, writers wait, and everything else goes on', async () => {
  const { shell, engine } = bound(await startedWith('plan-written:1:hang'))
  const written = shell(
    'timeout -s KILL 5 dd if=/dev/zero of=big bs=64k count=100 status=none; echo gone; stat -c %s big',
  )
  await untilParked(project as CrashProject)
  expect(await shell('cat kept; ls; rm goes; ls')).toBe('kept\nbig\ngoes\nkept\nbig\nkept\n')
  // Parked, it can be killed.
  const [, size] = /gone\n(\d+)\n/.exec(await written) ?? []
  expect(Number(size)).toBeGreaterThan(BOUND / 2)
  expect((await logOf(project as CrashProject)).parked).toBe(0)

  const waiting = shell('timeout -s KILL 60 dd if=/dev/zero of=more bs=64k count=100 status=none; echo gone')
  await untilParked(project as CrashProject)
  const busy = engine.ask('projects.unmount', { project: 'crash', force: false, lazy: false })
  await expect(busy).rejects.toThrow('is in use by ')
  await engine.ask('projects.unmount', { project: 'crash', force: true, lazy: false })
  expect(await waiting).toContain('gone')
  expect(await engine.stop()).toEqual({ code: 0, signal: null })

  await engine.start()
  await engine.ask('projects.mount', { project: 'crash' })
  expect(await shell('ls; stat -c %s big')).toBe(`big\nkept\n${size}\n`)
  await project?.flush()
})

test('with a recorder that fails, writers are told at the bound, and go on when it does', async () => {
  const { shell, engine } = bound(await startedWith('plan-written:1:fail'))
  const said = await shell('dd if=/dev/zero of=big bs=64k count=100 status=none; echo gone')
  expect(said).toBe("dd: error writing 'big': Input/output error\ngone\n")
  expect(await shell('cat kept; rm goes; ls; echo x > new; mkdir d')).toBe(
    "kept\nbig\nkept\n/bin/bash: line 1: new: Input/output error\nmkdir: cannot create directory 'd': Input/output error\n",
  )
  const status = await engine.ask('projects.status', { project: 'crash' })
  expect(status.recorder).toBe('stopped')
  expect(status.problem).toContain('plan-written')
  await expect(engine.ask('projects.flush', { project: 'crash' })).rejects.toThrow('plan-written')
  const folder = `${(project as CrashProject).directory}/export`
  await expect(engine.ask('projects.export', { project: 'crash', folder })).rejects.toThrow('plan-written')
  const kept = { project: 'crash', path: 'kept', version: '1' }
  await engine.ask('history.restore', kept).then(
    () => expect.fail('There is no room in the log for a restore.'),
    (error: unknown) => expect(String(error)).toMatch(/plan-written/),
  )
  await engine.ask('projects.init', { name: 'another' })

  await engine.stop()
  expect(await project?.restart()).toBeNull()
  expect(await shell('echo x > new; mkdir d; ls')).toBe('big\nd\nkept\nnew\n')
  await project?.flush()
})

function bound(one: CrashProject): Pick<CrashProject, 'engine' | 'shell'> {
  return { engine: one.engine, shell: async (script, folder) => one.shell(`PLAIN=${one.plain}; ${script}`, folder) }
}
