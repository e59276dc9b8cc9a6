import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Params, Result } from '../../../src-preload/contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import type { Cli, ProjectSummary } from '../cli.ts'
import { columns } from '../format.ts'
import { openDemo, openFolder } from '../start-project.ts'
import { tryOnce } from '../try-once.ts'
import { run, verb } from '../verb.ts'
import { changeRow } from './history.ts'

const SHOWN_AT_START = 10
const PAGE = 100

export function addStart(program: Command): void {
  verb(program, {
    usage: 'start [folder]',
    summary:
      'mount a project and show its history as it happens, until Ctrl+C; without a folder, a small demo at ~/Ize Demo',
    example: 'ize start ~/work/thesis',
    json: false,
  })
    .option('--once', 'make one edit, show it in the history, restore it, and end')
    .action(
      run<[string | undefined], { once?: boolean }>(async ({ cli, options }, folder) => {
        const project = folder === undefined ? await openDemo(cli) : await openFolder(cli, resolve(folder))
        try {
          cli.out.line(
            `${cli.out.name(project.name)} is mounted at ${cli.out.name(project.mountPoint ?? '')}: work in it with any program.`,
          )
          if (options.once) await tryOnce(cli, project)
          else await follow(cli, project)
        } finally {
          await unmountAtEnd(cli, project)
        }
      }),
    )
}

/** Prints changes as they come into history, oldest first, until the user ends it; a new engine is followed as well. */
async function follow(cli: Cli, project: ProjectSummary): Promise<void> {
  cli.out.line(
    cli.out.isTerminal ? 'Its history, as it happens (Ctrl+C ends and unmounts):' : 'Its history, as it happens:',
  )
  const shown = { upTo: await printSince(cli, project, null) }
  while (!cli.signal.aborted) {
    const engine = await cli.engine()
    let wake: () => void = () => undefined
    const stop = engine.on('history', (event) => {
      if (event.project.id === project.id) wake()
    })
    const problem = engine.on('problem', (event) => {
      if (event.project.id === project.id) cli.out.note(`ize: ${event.message}`)
    })
    try {
      await engine.request('engine.subscribe', {})
      // Between the last look and the subscription something may have come.
      shown.upTo = await printSince(cli, project, shown.upTo)
      let ended = false
      const end = Promise.race([engine.whenClosed(), aborted(cli.signal)]).then(() => (ended = true))
      while (!ended) {
        const next = new Promise<void>((resolve) => (wake = resolve))
        await Promise.race([next, end])
        if (!ended) shown.upTo = await printSince(cli, project, shown.upTo)
      }
    } catch (error) {
      if (!(error instanceof IzeError && error.code === 'E_ENGINE_GONE')) throw error
    } finally {
      stop()
      problem()
    }
    if (!cli.signal.aborted) {
      cli.out.note('ize: the engine ended; it is started again')
      cli.reconnect()
    }
  }
}

/** Prints the changes after number `upTo` (null: the newest few) and returns the number of the newest one. */
async function printSince(cli: Cli, project: ProjectSummary, upTo: number | null): Promise<number> {
  const engine = await cli.engine()
  const rows: string[][] = []
  let newest = upTo ?? 0
  let before: number | null = null
  for (;;) {
    const limit = upTo === null ? SHOWN_AT_START : PAGE
    const query: Params<'history.changes'> = { project: project.id, limit, ...(before === null ? {} : { before }) }
    const { changes, next }: Result<'history.changes'> = await engine.request('history.changes', query)
    newest = Math.max(newest, changes[0]?.change ?? 0)
    const fresh = changes.filter(({ change }) => upTo === null || change > upTo)
    rows.push(...fresh.map((change) => changeRow(cli.out, change)))
    before = next
    if (upTo === null || fresh.length < changes.length || next === null) break
  }
  cli.out.lines(columns(rows.reverse()))
  return newest
}

async function unmountAtEnd(cli: Cli, project: ProjectSummary): Promise<void> {
  // Started from within the mount, this very process would keep it busy.
  process.chdir('/')
  const engine = await cli.engine()
  const unmount = (lazy: boolean): Promise<unknown> =>
    engine.request('projects.unmount', { project: project.id, force: false, lazy })
  try {
    await unmount(false)
    cli.out.line('Unmounted.')
  } catch (error) {
    if (!(error instanceof IzeError)) throw error
    if (error.code === 'E_NOT_MOUNTED') return
    if (error.code !== 'E_MOUNT_BUSY') throw error
    cli.out.note(`ize: ${error.message}`)
    await unmount(true)
    cli.out.line('Unmounted; what is still open there ends when its programs close it.')
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
