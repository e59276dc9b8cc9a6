import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { BEHIND, isBehind } from '../../src-main/engine/retention/behind.ts'
import { PijulRepository } from '../../src-main/engine/sys/native.ts'
import { TestProject } from '../support/project.ts'
import { until } from '../support/until.ts'

let project: TestProject
afterEach(() => project.remove())

async function inPijul<T>(work: (repository: PijulRepository) => Promise<T>): Promise<T> {
  await project.session.close()
  const repository = await PijulRepository.open(project.root, 'main')
  try {
    return await work(repository)
  } finally {
    await repository.close()
    await project.reopen()
  }
}

const contents = (): Promise<Record<string, string>> =>
  inPijul(async (repository) => {
    const files = (await repository.tracked()).filter((path) => !path.endsWith('/')).sort()
    const read = files.map(async (path) => [path, (await repository.read(path)).toString()] as const)
    return Object.fromEntries(await Promise.all(read))
  })

/** Pijul's tree loses a file by a change that says nothing of it, so that the next one about the file is refused. */
async function loseInPijul(path: string): Promise<void> {
  await inPijul(async (repository) => {
    const head = await repository.head()
    if (!head) throw new Error('no change')
    const said = JSON.parse(head.metadata.toString()) as Record<string, unknown>
    const metadata = Buffer.from(JSON.stringify({ ...said, kind: 'seal', entries: [], note: 'by hand' }))
    const { message, timeMs } = head
    await repository.record([{ message, author: 'x', timeMs, metadata, edits: [{ kind: 'delete', path }] }])
  })
}

it(
  'what Pijul refused is in its tree again after the next folding, and history stays as it is',
  { timeout: 60_000 },
  async () => {
    project = await TestProject.create()
    await project.mount()
    writeFileSync(join(project.point, 'notes.txt'), 'one\n')
    writeFileSync(join(project.point, 'lost.txt'), 'of this\n')
    writeFileSync(join(project.point, 'picture'), Buffer.from([0, 1, 2, 255]))
    await project.session.flush()
    await project.unmount()
    await loseInPijul('lost.txt')

    const notices: string[] = []
    project.session.on((event) => void (event.type === 'problem' && notices.push(event.message)))
    await project.mount()
    expect(isBehind(project.layout.pijul)).toBe(false)
    renameSync(join(project.point, 'lost.txt'), join(project.point, 'found.txt'))
    await project.session.flush()
    writeFileSync(join(project.point, 'notes.txt'), 'two\n')
    await project.session.flush()
    await until(() => notices.some((message) => message.startsWith(BEHIND)))
    expect(isBehind(project.layout.pijul)).toBe(true)
    await project.unmount()
    const before = await contents()
    expect(Object.keys(before)).toEqual(['notes.txt', 'picture'])
    const log = await project.session.log(1, 100)

    expect(await project.session.fold()).toEqual({ folded: log.length, changes: log.length })
    expect(isBehind(project.layout.pijul)).toBe(false)
    expect(await contents()).toEqual({ ...before, 'found.txt': 'of this\n', 'notes.txt': 'two\n' })
    expect(await project.session.log(1, 100)).toEqual(log)

    // And Pijul takes changes of it from then on.
    notices.length = 0
    await project.mount()
    renameSync(join(project.point, 'found.txt'), join(project.point, 'again.txt'))
    await project.session.flush()
    await project.unmount()
    expect(Object.keys(await contents())).toEqual(['again.txt', 'notes.txt', 'picture'])
    expect(notices).toEqual([])
  },
)
