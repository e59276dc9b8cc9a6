import { CommanderError } from 'commander'
import { exitCodes } from '../../src-preload/error-codes.ts'
import { makeProgram } from './program.ts'
import { rawArguments } from './raw-arguments.ts'

// `ize history | head`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.success : exitCodes.fault)
})

async function main(): Promise<void> {
  const program = makeProgram()
  const args = rawArguments()
  // What history names for what a verb itself writes into a mount. Only now: it takes the arguments' place in memory.
  process.title = 'ize'
  try {
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage
    if (process.exitCode !== 0 && args.includes('--json')) {
      const message = error.message.replace(/^error: /, '')
      process.stdout.write(`${JSON.stringify({ error: { code: 'E_USAGE', message } }, null, 2)}\n`)
    }
  }
}

void main()
