import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))

// As whoever runs the tests, since the checkout is theirs; with a home in which nothing is yet.
test('npm start opens the app where there is a screen, and Ctrl+C ends it', async () => {
  const desktop = await Desktop.start()
  const { user, stage } = desktop
  const [home, runtime] = [user.path('new-home'), user.path('new-run')]
  for (const folder of [home, runtime]) mkdirSync(folder, { mode: 0o700 })
  const { DISPLAY } = user.env
  const own = { HOME: home, XDG_RUNTIME_DIR: runtime, IZE_CENTRAL_DIR: user.path('new-central') }
  const env = { ...process.env, ...own, DISPLAY, IZE_ELECTRON: stage.electron }
  const child = spawn('npm', ['start'], { cwd: checkout, env, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()))
  try {
    const shown = async (): Promise<boolean> => /"Ize/.test(await desktop.sh('xwininfo -root -tree'))
    await until(shown, 90_000).catch((cause: unknown) => {
      throw new Error(`npm start showed no window. It wrote:\n${output}`, { cause })
    })
  } finally {
    // A terminal sends it to all that it started.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    await until(() => child.exitCode !== null || child.signalCode !== null)
    // The engine goes on while it is needed, and belongs to this home.
    const stop = [`${checkout}/out/cli.cjs`, 'daemon', 'stop']
    const stopped = spawn(process.execPath, stop, { env, stdio: 'ignore' })
    await until(() => stopped.exitCode !== null)
    await desktop.end()
  }
})
