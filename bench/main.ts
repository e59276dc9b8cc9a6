import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleDirectory } from '../src-main/client/engine-process.ts'
import { Material, type Bench } from './bench.ts'
import { BenchEngine } from './engine.ts'
import { isMet, type Figure, type Machine } from './figure.ts'
import { machineFacts, type MachineFacts } from './machine.ts'
import { help, readOptions, type Options } from './options.ts'
import { unmountAll } from './places.ts'
import { appRows } from './rows/app-rows.ts'
import { editRows } from './rows/edit-rows.ts'
import { engineRows } from './rows/engine-rows.ts'
import { bigFileRows, fileRows } from './rows/file-rows.ts'
import { importRow } from './rows/import-row.ts'
import { mountRows } from './rows/mount-rows.ts'
import { restoreRow } from './rows/restore-row.ts'
import { storeRows } from './rows/store-rows.ts'
import { syncRow } from './rows/sync-row.ts'
import { treeRows } from './rows/tree-rows.ts'
import { full, quick } from './scale.ts'
import { markdownTable, textTable } from './table.ts'

/** Other programs' part of the CPUs above which the figures are worth little. */
const DISTURBED = 0.1

const groups: readonly ((bench: Bench) => Promise<void>)[] = [
  treeRows,
  fileRows,
  bigFileRows,
  syncRow,
  editRows,
  importRow,
  mountRows,
  storeRows,
  appRows,
  restoreRow,
]

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return void console.log(help)
  const directory = await mkdtemp(join(options.directory, 'ize-bench-'))
  // Settings of whoever runs this are not what is measured.
  process.env['XDG_CONFIG_HOME'] = join(directory, 'config')
  process.env['IZE_SYSTEM_CONFIG'] = join(directory, 'none.toml')
  const engine = new BenchEngine(directory)
  const figures: Figure[] = []
  const endings: (() => Promise<void>)[] = []
  const facts = await machineFacts(directory)
  let cleaned: Promise<void> | null = null
  const clean = (): Promise<void> => (cleaned ??= removeAll(endings, engine, directory))
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => {
      print(options, facts, figures)
      void clean().finally(() => process.exit(code))
    })
  }
  if (facts.otherCpu > DISTURBED)
    say(`Other programs use ${percent(facts.otherCpu)} of the CPUs: the figures are disturbed.`)
  try {
    await measure(options, directory, engine, figures, endings)
    // Else a signal has printed what there was.
    if (cleaned === null) print(options, facts, figures)
  } finally {
    await clean()
  }
}

async function removeAll(
  endings: readonly (() => Promise<void>)[],
  engine: BenchEngine,
  directory: string,
): Promise<void> {
  for (const end of endings) await end()
  await engine.close()
  await unmountAll()
  await rm(directory, { recursive: true, force: true, maxRetries: 5 })
}

async function measure(
  options: Options,
  directory: string,
  engine: BenchEngine,
  figures: Figure[],
  endings: (() => Promise<void>)[],
): Promise<void> {
  await mkdir(join(directory, 'material'))
  const material = new Material(join(directory, 'material'))
  for (const machine of options.machines) {
    const bench: Bench = {
      scale: options.quick ? quick : full,
      machine,
      directory,
      engine,
      material,
      atEnd: (work) => void endings.push(work),
      wants: (row) => options.only?.includes(row) ?? true,
      report: (figure) => {
        figures.push(figure)
        say(textTable([figure]).split('\n')[2] ?? '')
      },
      say: (line) => say(`${machine}: ${line}`),
    }
    // What the engine costs at rest is no question of a busy machine.
    for (const group of machine === 'idle' ? [...groups, engineRows] : groups) {
      await onMachine(machine, () => group(bench)).catch((error: unknown) => {
        say(`${machine}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
        process.exitCode = 1
      })
    }
  }
}

async function onMachine(machine: Machine, work: () => Promise<void>): Promise<void> {
  if (machine === 'idle') return work()
  const child = spawn(process.execPath, [join(bundleDirectory(), 'busy-process.cjs')], { stdio: 'ignore' })
  try {
    await work()
  } finally {
    child.kill('SIGKILL')
  }
}

function print({ output, quick }: Options, facts: MachineFacts, figures: readonly Figure[]): void {
  if (output === 'json') {
    console.log(
      JSON.stringify({ machine: facts, quick, figures: figures.map((one) => ({ ...one, met: isMet(one) })) }, null, 2),
    )
    return
  }
  const { cpus, cpu, memoryGB, kernel, node, fileSystem, date, load, otherCpu } = facts
  console.log(
    `${date}${quick ? ', --quick' : ''}: ${cpus} CPUs (${cpu}), ${memoryGB} GB, Linux ${kernel}, Node ${node}, ${fileSystem}; ` +
      `load before ${load.toFixed(2)}, other programs ${percent(otherCpu)} of the CPUs\n`,
  )
  console.log(output === 'markdown' ? markdownTable(figures) : textTable(figures))
  const missed = figures.filter((figure) => isMet(figure) === false)
  const judged = figures.filter((figure) => isMet(figure) !== null)
  console.log(`\n${judged.length - missed.length} of ${judged.length} targets met`)
  if (quick) console.log('The targets are for the full amounts of work: without --quick.')
  if (otherCpu > DISTURBED) console.log('Other programs were at work: no time here proves or refutes a target.')
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

main().catch((error: unknown) => {
  say(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
