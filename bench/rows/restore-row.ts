import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { commitSeconds, gitEnvironment } from '../git.ts'
import { settleDisk } from '../machine.ts'
import { run, timed, timedRun } from '../processes.ts'
import { backups, isInstalled } from '../rivals.ts'
import { median } from '../statistics.ts'

interface Rival {
  readonly name: 'ize' | 'git' | 'restic'
  readonly folder: string
  /** What was changed is part of its history, where it has one. */
  readonly changed: () => Promise<unknown>
  /** Seconds. */
  readonly putBack: () => Promise<number>
  readonly end: () => Promise<unknown>
}

/**
 * A tree of which some files differ, put back as it was: on a mount until it is in history again; beside `git checkout` on
 * the file system below, which keeps nothing of what it puts away, and restic, which writes every file.
 */
export async function restoreRow(bench: Bench): Promise<void> {
  if (!bench.wants('store-restore') || bench.machine !== 'idle') return
  const { tree: files, restored, repeats } = bench.scale
  const { folder, list } = await bench.material.sources(files)
  const all = (await readFile(list, 'latin1')).split('\n')
  const some = Array.from({ length: restored }, (_, n) => all[Math.floor((all.length / restored) * n)] ?? '')
  const rivals = [await ize(bench, folder, restored), ...(await others(bench, folder))]
  const times = new Map(rivals.map(({ name }) => [name, [] as number[]]))
  try {
    for (let repeat = 0; repeat < repeats; repeat++) {
      bench.say(`store-restore: ${repeat + 1} of ${repeats}`)
      for (const rival of repeat % 2 === 0 ? rivals : [...rivals].reverse()) {
        for (const path of some) await appendFile(join(rival.folder, path), `changed ${repeat}\n`)
        await rival.changed()
        await settleDisk()
        times.get(rival.name)?.push(await rival.putBack())
      }
    }
  } finally {
    for (const rival of rivals) await rival.end()
  }
  bench.report({
    row: 'store-restore',
    title: `${restored} of ${files.toLocaleString('en')} files put back`,
    machine: bench.machine,
    load: 'burst',
    unit: 's',
    values: Object.fromEntries([...times].map(([name, of]) => [name, median(of)])),
    history: null,
    target: '< 1 s',
    limit: 1,
    note: 'on Ize through the mount, until the restore is in history; git checkout; restic writes every file',
  })
}

async function ize({ engine }: Bench, from: string, restored: number): Promise<Rival> {
  const project = await engine.create(from)
  await project.mount()
  return {
    name: 'ize',
    folder: project.point,
    changed: () => project.settle(),
    putBack: () =>
      timed(async () => {
        const wish = { project: project.name, path: '', version: '1', exact: true }
        const { steps } = await engine.ask('history.restore', wish)
        if (steps !== restored) throw new Error(`${steps} steps were done, not ${restored}.`)
      }),
    end: () => project.remove(),
  }
}

/** As far as they are installed, each in a copy of its own. */
async function others(bench: Bench, from: string): Promise<Rival[]> {
  const rivals: Rival[] = []
  const copy = async (name: string): Promise<string> => {
    const folder = join(bench.directory, `restore-${name}`)
    await mkdir(folder)
    await run('cp', ['-a', `${from}/.`, folder])
    return folder
  }
  const nothing = (): Promise<void> => Promise.resolve()
  if (isInstalled('git')) {
    const folder = await copy('git')
    await commitSeconds(folder)
    const checkout = ['-c', 'gc.auto=0', 'checkout', '--quiet', 'HEAD', '--', '.']
    const putBack = (): Promise<number> => timedRun('git', checkout, { cwd: folder, env: gitEnvironment })
    rivals.push({ name: 'git', folder, changed: nothing, putBack, end: () => rm(folder, { recursive: true }) })
  }
  for (const { name, init, keep, putBack } of backups(bench.directory)) {
    if (name !== 'restic' || !putBack) continue
    const [folder, repository] = [await copy('restic'), join(bench.directory, 'restore-restic-repository')]
    await init(repository)
    await keep(repository, folder, 'first')
    const end = async (): Promise<void> => {
      for (const one of [folder, repository]) await rm(one, { recursive: true })
    }
    rivals.push({ name: 'restic', folder, changed: nothing, putBack: () => putBack(repository), end })
  }
  return rivals
}
