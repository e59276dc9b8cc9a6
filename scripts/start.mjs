// npm start [-- folder] [--once]: sets up what is missing, then opens the app; where there is no screen, or with
// arguments, it runs `ize start` with them in the terminal.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronRuntime } from './lib/electron-runtime.mjs'
import { root } from './lib/root.mjs'
import { endChildrenOnSignal, reportFailure } from './lib/run.mjs'
import { setup } from './lib/setup.mjs'
import { toRun, toShow } from './lib/system-packages.mjs'

const args = process.argv.slice(2)
const screen = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
const release = endChildrenOnSignal()
try {
  const command = screen && args.length === 0 ? await app() : await terminal()
  release()
  handOver(command)
} catch (error) {
  reportFailure(error)
}

async function terminal() {
  await setup(toRun)
  return [process.execPath, join(root, 'out/cli.cjs'), 'start', ...args]
}

async function app() {
  await setup({ ...toRun, ...toShow })
  const { executable } = await electronRuntime()
  // Chromium refuses to run as root with its sandbox.
  return [executable, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root]
}

/**
 * Hands the terminal over. Ctrl+C reaches both of us: the child answers it, we wait for its exit code.
 * @param {string[]} command
 */
function handOver([program = '', ...words]) {
  const child = spawn(program, words, {
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
