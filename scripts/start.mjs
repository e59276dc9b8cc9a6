// npm start [-- folder] [--once]: sets up what is missing, then runs `ize start` with the same arguments.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, reportFailure } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toRun } from './lib/system-packages.mjs'

const release = endChildrenOnSignal()
try {
  await setup(toRun)
  release()
  runCli()
} catch (error) {
  reportFailure(error)
}

/** Hands the terminal over. Ctrl+C reaches both of us: the child answers it, we wait for its exit code. */
function runCli() {
  const args = [join(root, 'out/cli.cjs'), 'start', ...process.argv.slice(2)]
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  })
  process.on('SIGINT', () => {})
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('error', reportFailure)
  child.on('close', (code, signal) => {
    process.exitCode = signal ? 1 : (code ?? 1)
  })
}
