import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import type { BenchProject } from '../engine.ts'
import type { Unit } from '../figure.ts'
import { cpuMilliseconds, residentMegabytes, run, runOwn, writeCalls } from '../processes.ts'

const REST_MS = 10_000
/** So long V8 goes on giving back what starting and importing took; idle is what comes after it. */
const COLLECT_MS = 50_000
const WATCHED_MS = 10_000
const SAMPLE_MS = 100
const WARM_UP_BYTES = 64 * 2 ** 20

/** What the engine itself costs: CPU at rest, memory, requests. Each begins with an engine just started. */
export async function engineRows(bench: Bench): Promise<void> {
  if (bench.wants('idle-cpu') || bench.wants('memory')) await atRest(bench)
  if (bench.wants('memory-find')) await afterFind(bench)
  if (bench.wants('memory-write')) await afterWrite(bench)
  if (bench.wants('requests')) await requests(bench)
}

async function atRest(bench: Bench): Promise<void> {
  const { tree } = bench.scale
  bench.say('idle-cpu, memory: at rest')
  const { folder } = await bench.material.sources(tree)
  await onFreshEngine(bench, folder, async (_project, pid) => {
    await sleep(REST_MS)
    const of = `with a project of ${tree.toLocaleString('en')} files`
    const resident = await residentMegabytes(pid)
    if (bench.wants('memory'))
      report(bench, 'memory', `memory, idle ${of}`, 'MB', resident, 150, '< 150 MB', 'resident')
    if (!bench.wants('idle-cpu')) return
    await sleep(COLLECT_MS)
    const before = await cpuMilliseconds(pid)
    await sleep(WATCHED_MS)
    const spent = (await cpuMilliseconds(pid)) - before
    const note = 'all threads of the engine, a minute after it was started; none means less than 1 ms in each second'
    report(bench, 'idle-cpu', `CPU in ${WATCHED_MS / 1000} s, idle`, 'ms', spent, WATCHED_MS / 1000, 'none', note)
  })
}

async function afterFind(bench: Bench): Promise<void> {
  const { walked } = bench.scale
  const of = walked.toLocaleString('en')
  bench.say(`memory-find: a project of ${of} files`)
  const { folder } = await bench.material.tree({ files: walked, bytes: walked * 300 })
  await onFreshEngine(bench, folder, async (project, pid) => {
    await sleep(REST_MS)
    const before = await residentMegabytes(pid)
    const most = await mostMemory(pid, () => run('find', [project.point, '-printf', '%s\n']))
    const title = `memory added by find over ${of} files`
    report(bench, 'memory-find', title, 'MB', most - before, 150, '≤ 150 MB', 'each file stat-ed; the most on the way')
  })
}

async function afterWrite(bench: Bench): Promise<void> {
  const { bigBytes } = bench.scale
  const size = `${Math.round(bigBytes / 2 ** 20)} MB`
  bench.say(`memory-write: ${size}`)
  await onFreshEngine(bench, null, async (project, pid) => {
    await runOwn('work', 'write-big', project.point, WARM_UP_BYTES)
    await project.settle()
    const before = await residentMegabytes(pid)
    const most = await mostMemory(pid, async () => {
      await runOwn('work', 'write-big', project.point, bigBytes)
      await project.settle()
    })
    const note = `the most until all is in history, above what writing ${WARM_UP_BYTES / 2 ** 20} MB left; 16 MB count as none`
    report(bench, 'memory-write', `memory added by writing ${size}`, 'MB', most - before, 16, 'none', note)
  })
}

/** The mount thread makes one system call for the log and one for the answer to each request. */
async function requests(bench: Bench): Promise<void> {
  const { smallWrites } = bench.scale
  bench.say('requests: per write')
  await onFreshEngine(bench, null, async (project, pid) => {
    const before = await writeCalls(pid)
    await runOwn('work', 'small-writes', project.point, smallWrites)
    const calls = [...(await writeCalls(pid))].map(([thread, count]) => count - (before.get(thread) ?? 0))
    const perWrite = (Math.max(...calls) - smallWrites) / smallWrites
    const note = "from the mount thread's writing system calls, of which each write has one for the log"
    report(bench, 'requests', 'requests for a write of 100 bytes', 'per write', perWrite, 1.05, '≤ 1.05', note)
  })
}

async function onFreshEngine(
  bench: Bench,
  from: string | null,
  work: (project: BenchProject, pid: number) => Promise<void>,
): Promise<void> {
  const project = await bench.engine.create(from)
  await bench.engine.restart()
  await project.mount()
  try {
    await work(project, await bench.engine.pid())
  } finally {
    await project.remove()
  }
}

async function mostMemory(pid: number, work: () => Promise<unknown>): Promise<number> {
  let most = 0
  let working = true
  const done = work().finally(() => (working = false))
  while (working) {
    most = Math.max(most, await residentMegabytes(pid))
    await Promise.race([done, sleep(SAMPLE_MS)])
  }
  await done
  return Math.max(most, await residentMegabytes(pid))
}

function report(
  bench: Bench,
  row: string,
  title: string,
  unit: Unit,
  value: number,
  limit: number,
  target: string,
  note: string,
): void {
  const values = { ize: value }
  bench.report({ row, title, machine: bench.machine, load: 'burst', unit, values, history: null, target, limit, note })
}
