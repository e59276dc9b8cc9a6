import { parseArgs } from 'node:util'
import { tmpdir } from 'node:os'
import type { Machine } from './figure.ts'

export const rowNames = [
  'untar',
  'history',
  'stat',
  'stat-again',
  'git',
  'rm',
  'create',
  'saves',
  'small-writes',
  'requests',
  'write',
  'read',
  'random-writes',
  'sync',
  'edit-few',
  'edit-many',
  'edit-after',
  'import',
  'mount',
  'mount-waiting',
  'idle-cpu',
  'memory',
  'memory-find',
  'memory-write',
  'store-import',
  'store-versions',
  'store-hash',
  'store-edit',
  'store-large',
  'store-read',
  'store-proof',
  'store-history',
  'app-start',
  'app-first-page',
  'app-file-history',
  'app-diff',
  'app-diff-apart',
  'app-diff-long-line',
  'app-scroll',
  'app-pending',
  'app-memory',
  'app-idle-cpu',
  'store-restore',
] as const

export interface Options {
  readonly quick: boolean
  readonly output: 'text' | 'json' | 'markdown'
  readonly only: readonly string[] | null
  readonly machines: readonly Machine[]
  /** Below it everything is made, and removed again. */
  readonly directory: string
}

export const help = `npm run bench [-- options]

  --quick             a fifth of the work, once each, on an idle machine only: under three minutes
  --only ROW          only that row; may be given again
  --machine WHICH     idle or busy (one core kept busy); may be given again. Default: both
  --in FOLDER         where to work; its file system is what Ize is compared with. Default: the temporary directory
  --json, --markdown  how to print

Rows: ${rowNames.join(' ')}`

/** Errors: one sentence that names what is wrong. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      machine: { type: 'string', multiple: true },
      in: { type: 'string', default: tmpdir() },
      json: { type: 'boolean', default: false },
      markdown: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const unknown = values.only?.find((row) => !(rowNames as readonly string[]).includes(row))
  if (unknown !== undefined) throw new Error(`There is no row "${unknown}". Rows: ${rowNames.join(', ')}.`)
  return {
    quick: values.quick,
    output: values.json ? 'json' : values.markdown ? 'markdown' : 'text',
    only: values.only ?? null,
    machines: values.machine?.map(machine) ?? (values.quick ? ['idle'] : ['idle', 'busy']),
    directory: values.in,
  }
}

function machine(name: string): Machine {
  if (name === 'idle' || name === 'busy') return name
  throw new Error(`--machine is "idle" or "busy", not "${name}".`)
}
