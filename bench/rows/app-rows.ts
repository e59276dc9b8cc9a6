import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type RunningApp, Screen } from '../app/screen.ts'
import { cpuOf, proportionalMegabytes } from '../app/app-processes.ts'
import { shownAfter, shownAt, tasksDuring } from '../app/window-measures.ts'
import type { Bench } from '../bench.ts'
import type { BenchEngine } from '../engine.ts'
import type { Unit } from '../figure.ts'
import { LONG, longHistory } from '../history/cached-history.ts'
import { compared } from '../history/recipe.ts'
import { runOwn } from '../processes.ts'
import { median } from '../statistics.ts'

/** What stays of starting, such as collecting, is over then. */
const REST_MS = 10_000
const WATCHED_MS = 10_000
const SECONDS_OF_WORK = 8
const OPERATIONS = 5000
const TASK_MS = 50

const steady = z.object({ perSecond: z.number() })

const usable = `document.querySelector('.sidebar .project-name') && document.querySelector('.entrance [data-row]')`
const moments = `document.querySelector('.moments-list .moment')`
const versions = `document.querySelector('.versions-list .version-row')`
const changed = `document.querySelector('.diff-cell.added .diff-text')?.textContent`

/** The real app with a real, long history, on a screen that nobody sees. On an idle machine only. */
export async function appRows(bench: Bench): Promise<void> {
  if (bench.machine !== 'idle' || !names.some((row) => bench.wants(row))) return
  const electron = process.env['IZE_BENCH_ELECTRON']
  if (!electron) throw new Error('There is no Electron to run the app with; see above why.')
  const { appFiles: files, appChanges: changes } = bench.scale
  bench.say('app: the history')
  const place = join(bench.directory, 'app')
  const engine = await longHistory(place, { files, changes }, bench.say)
  const mount = join(place, 'mount')
  await mkdir(mount)
  const screen = await Screen.open(join(place, 'home'), engine.central)
  let closed: Promise<void> | null = null
  const close = (): Promise<void> => (closed ??= closeAll(engine, screen))
  bench.atEnd(close)
  try {
    await engine.ask('projects.mount', { project: LONG, mountPoint: mount })
    await new AppBench(bench, engine, screen, electron, mount).run()
  } finally {
    await close()
  }
}

async function closeAll(engine: BenchEngine, screen: Screen): Promise<void> {
  await screen.close()
  await engine.ask('projects.unmount', { project: LONG, force: true, lazy: true }).catch(() => undefined)
  await engine.close()
}

const names = [
  ...['app-start', 'app-first-page', 'app-file-history', 'app-diff', 'app-diff-apart', 'app-diff-long-line'],
  ...['app-scroll', 'app-pending', 'app-memory', 'app-idle-cpu'],
]

class AppBench {
  private readonly of: string

  constructor(
    private readonly bench: Bench,
    private readonly engine: BenchEngine,
    private readonly screen: Screen,
    private readonly electron: string,
    private readonly mount: string,
  ) {
    this.of = `${bench.scale.appChanges.toLocaleString('en')} changes`
  }

  async run(): Promise<void> {
    if (this.bench.wants('app-start')) await this.starts()
    const app = await this.screen.start(this.electron)
    await shownAt(app.page, usable)
    if (this.bench.wants('app-idle-cpu')) await this.atRest(app)
    if (this.bench.wants('app-first-page')) await this.firstPage(app)
    if (this.bench.wants('app-file-history')) await this.fileHistory(app)
    if (this.bench.wants('app-diff')) await this.diff(app, 'app-diff', compared.some, 'one line in ten another', 300)
    if (this.bench.wants('app-diff-apart'))
      await this.diff(app, 'app-diff-apart', compared.apart, 'no line in common', 300)
    if (this.bench.wants('app-diff-long-line')) await this.diff(app, 'app-diff-long-line', compared.line, '', 1000)
    if (this.bench.wants('app-scroll')) await this.scroll(app)
    if (this.bench.wants('app-pending')) await this.pending(app)
    if (this.bench.wants('app-memory')) await this.memory(app)
    await app.close()
  }

  private async starts(): Promise<void> {
    const spent: number[] = []
    for (let repeat = 0; repeat < this.bench.scale.repeats; repeat++) {
      this.bench.say(`app-start: ${repeat + 1} of ${this.bench.scale.repeats}`)
      const app = await this.screen.start(this.electron)
      spent.push(((await shownAt(app.page, usable)) - app.begun) / 1000)
      await app.close()
    }
    const note = 'from starting the process until the list of projects and what was deleted lately are painted'
    this.report('app-start', 'the app: start until usable', 's', median(spent), 1.5, note)
  }

  private async firstPage({ page }: RunningApp): Promise<void> {
    const spent: number[] = []
    for (let repeat = 0; repeat < this.bench.scale.shows; repeat++) {
      this.bench.say(`app-first-page: ${repeat + 1} of ${this.bench.scale.shows}`)
      await shownAfter(page, `location.hash = '/'`, usable)
      spent.push(await shownAfter(page, `document.querySelector('.sidebar .project-name').click()`, moments))
    }
    this.report('app-first-page', `first page of ${this.of}, from the click`, 'ms', median(spent), 100)
  }

  private async fileHistory({ page }: RunningApp): Promise<void> {
    const spent: number[] = []
    let count = 0
    for (let repeat = 0; repeat < this.bench.scale.shows; repeat++) {
      this.bench.say(`app-file-history: ${repeat + 1} of ${this.bench.scale.shows}`)
      await shownAfter(page, hash({}), `!${versions} && ${moments}`)
      const path = `source-${repeat + 1}.c`
      const { entries } = await this.engine.ask('history.entries', { project: LONG, path, limit: 1 })
      count = Math.max(count, Number(entries[0]?.version ?? 0))
      spent.push(await shownAfter(page, hash({ path }), versions))
    }
    const title = `history of a file of ${count.toLocaleString('en')} versions, from the click`
    this.report('app-file-history', title, 'ms', median(spent), 100)
  }

  private async diff({ page }: RunningApp, row: string, path: string, how: string, limit: number): Promise<void> {
    const spent: number[] = []
    let longest = 0
    for (let repeat = 0; repeat < this.bench.scale.shows; repeat++) {
      this.bench.say(`${row}: ${repeat + 1} of ${this.bench.scale.shows}`)
      await shownAfter(page, hash({}), `!(${changed}) && ${moments}`)
      await sleep(1000)
      const tasks = await tasksDuring(page, async () => {
        spent.push(await shownAfter(page, hash({ path, from: '1' }), changed))
        // Colours come later.
        await sleep(1000)
      })
      longest = Math.max(longest, tasks.longest)
    }
    const what = row === 'app-diff-long-line' ? 'a line of 5 MB' : `5,000 lines, ${how},`
    this.report(row, `difference of ${what} until shown`, 'ms', median(spent), limit)
    this.report(row, `difference of ${what}: longest task`, 'ms', longest, TASK_MS)
  }

  private async scroll({ page }: RunningApp): Promise<void> {
    this.bench.say('app-scroll')
    await shownAfter(page, hash({}), moments)
    const seconds = this.bench.scale.scrollSeconds
    const list = `document.querySelector('.moments-list')`
    const tasks = await tasksDuring(page, async () => {
      await page.evaluate(`(async () => {
        const list = ${list}
        const until = performance.now() + ${seconds * 1000}
        for (let n = 0; performance.now() < until; n++) {
          // To the end, where more comes, and every now and then back and forth as a wheel does.
          list.scrollTop = n % 120 < 60 ? list.scrollHeight : list.scrollTop + (n % 120 < 90 ? -700 : 350)
          await new Promise(requestAnimationFrame)
        }
      })()`)
    })
    const entries = await page.evaluate(
      `Math.round(document.querySelector('.moments-list .list-inner').offsetHeight / 51)`,
    )
    const note = `${seconds} s, to the end and back and forth, with ${Number(entries).toLocaleString('en')} entries in the list then; ${tasks.long} tasks over ${TASK_MS} ms`
    this.report('app-scroll', 'longest task while scrolling moments', 'ms', tasks.longest, TASK_MS, note)
  }

  private async pending({ page }: RunningApp): Promise<void> {
    for (const [where, route, there] of [
      ['what waits', `/p/${LONG}/pending`, `document.querySelector('.facts-list')`],
      ['moments', `/p/${LONG}`, moments],
    ] as const) {
      this.bench.say(`app-pending: ${where}`)
      await shownAfter(page, `location.hash = '${route}'`, there)
      let came = 0
      const tasks = await tasksDuring(page, async () => {
        const folder = join(this.mount, `work-${where.replace(' ', '-')}`)
        await mkdir(folder)
        came = steady.parse(await runOwn('work', 'steady', folder, OPERATIONS, SECONDS_OF_WORK)).perSecond
      })
      const title = `longest task, ${where} shown, while ${OPERATIONS.toLocaleString('en')} operations a second come`
      const note = `${SECONDS_OF_WORK} s of it, ${Math.round(came)} operations a second came; ${tasks.long} tasks over ${TASK_MS} ms`
      this.report('app-pending', title, 'ms', tasks.longest, TASK_MS, note)
    }
    await this.engine.ask('projects.flush', { project: LONG })
  }

  private async memory(app: RunningApp): Promise<void> {
    this.bench.say('app-memory')
    await sleep(REST_MS)
    const megabytes = await proportionalMegabytes(await app.processes())
    const note = 'proportional set size of all processes of the app without the engine, after the rows above'
    this.report('app-memory', 'memory of the app', 'MB', megabytes, 400, note)
  }

  private async atRest(app: RunningApp): Promise<void> {
    this.bench.say('app-idle-cpu')
    await shownAfter(app.page, hash({}), moments)
    await sleep(REST_MS)
    const before = await cpuOf(await app.processes())
    await sleep(WATCHED_MS)
    const spent = (await cpuOf(await app.processes())) - before
    const note = 'all processes of the app without the engine; none means less than 1 ms in each second'
    const title = `CPU of the app in ${WATCHED_MS / 1000} s, moments shown, at rest`
    this.report('app-idle-cpu', title, 'ms', spent, WATCHED_MS / 1000, note)
  }

  private report(row: string, title: string, unit: Unit, value: number, limit: number, note = ''): void {
    const target = row === 'app-idle-cpu' ? 'none' : `< ${limit} ${unit}`
    const { machine } = this.bench
    this.bench.report({
      row,
      title,
      machine,
      load: 'burst',
      unit,
      values: { ize: value },
      history: null,
      target,
      limit,
      note,
    })
  }
}

/** Goes there within the project's history. */
function hash(place: Readonly<Record<string, string>>): string {
  return `location.hash = ${JSON.stringify(`/p/${LONG}?${new URLSearchParams(place).toString()}`)};`
}
