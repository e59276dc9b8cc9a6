import type { Command } from 'commander'
import { exitCodeOf, exitCodes } from '../../src-preload/error-codes.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { Cli } from './cli.ts'

export interface VerbContext<O> {
  readonly cli: Cli
  readonly options: O & { readonly json?: boolean }
}

export interface VerbFacts {
  /** As commander has it: `diff <project> <path>`. */
  readonly usage: string
  readonly summary: string
  /** Shown below the options. */
  readonly example: string
  /** Whether it prints something that programs want: then it has --json. */
  readonly json?: boolean
}

/** Declares a verb: every one has an example in its help, and is run and ended in the same way. */
export function verb(program: Command, { usage, summary, example, json = true }: VerbFacts): Command {
  const command = program.command(usage).summary(summary).description(summary)
  if (json) command.option('--json', 'print JSON')
  return command.addHelpText('after', `\nExample:\n  ${example.replaceAll('\n', '\n  ')}`)
}

/** Runs a verb's work to its exit code: errors are printed and counted, the connection is closed. */
export function run<A extends unknown[], O>(work: (context: VerbContext<O>, ...args: A) => Promise<number | void>) {
  return async (...all: unknown[]): Promise<void> => {
    const command = all.at(-1) as Command
    const args = all.slice(0, -2) as A
    const options = command.optsWithGlobals<O & { json?: boolean }>()
    const stop = new AbortController()
    const onSignal = (): void => {
      // The second time the user means it.
      if (stop.signal.aborted) process.exit(exitCodes.interrupted)
      stop.abort()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
    const cli = new Cli(stop.signal)
    try {
      process.exitCode = (await work({ cli, options }, ...args)) ?? exitCodes.success
    } catch (error) {
      process.exitCode = report(cli, error, options.json ?? false)
    } finally {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      await cli.close()
    }
  }
}

/** One sentence on standard error, with --json also an object on standard output. Returns the exit code. */
export function report({ out }: Cli, error: unknown, json: boolean): number {
  const known = error instanceof IzeError
  const code = known ? error.code : 'E_INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  out.note(`ize: ${message}`)
  if (!known && process.env['IZE_DEBUG'] && error instanceof Error) out.note(error.stack ?? '')
  if (json) out.json({ error: { code, message } })
  for (const line of details(error)) out.note(line)
  return exitCodeOf(code)
}

const SHOWN = 10

/** Who keeps a mount busy. */
function details(error: unknown): string[] {
  if (!(error instanceof IzeError) || error.code !== 'E_MOUNT_BUSY') return []
  const files = error.data['openFiles']
  if (!Array.isArray(files)) return []
  const lines = (files as { program: string; pid: number; path: string }[]).map(
    ({ program, pid, path }) => `  ${program} (${pid}): ${path || 'the folder itself'}`,
  )
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `  and ${lines.length - SHOWN} more`] : lines
}
