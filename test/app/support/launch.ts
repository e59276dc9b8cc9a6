import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import type { Desktop } from './desktop.ts'

export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  /** What the app wrote to its terminal so far. */
  output(): string
  /** Closes the app as its person would, by its own quit. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** Arguments after the app's folder, for instance a path or an `ize://` link. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Default: on. Off runs it as whoever runs the tests. */
  readonly sandbox?: boolean
  /** What is run. Default: the Electron of the stage with the checkout's folder. */
  readonly program?: { readonly executable: string; readonly args: readonly string[] }
}

/** The window may be a while on a busy machine. */
const PATIENCE_MS = 60_000

/** Starts the real app as the desktop's person, and waits for its first window. */
export async function launchApp(desktop: Desktop, options: LaunchOptions = {}): Promise<RunningApp> {
  const { stage, user } = desktop
  const sandbox = options.sandbox ?? true
  const program = options.program ?? { executable: stage.electron, args: [stage.root] }
  const flags = ['--disable-gpu', '--disable-dev-shm-usage', ...(sandbox ? [] : ['--no-sandbox'])]
  const app = await _electron.launch({
    executablePath: sandbox ? asPerson(desktop, program.executable) : program.executable,
    args: [...flags, ...program.args, ...(options.args ?? [])],
    chromiumSandbox: sandbox,
    cwd: user.directory,
    env: { ...(user.env as Record<string, string>), ...options.env },
    timeout: PATIENCE_MS,
  })
  let output = ''
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (bytes: Buffer) => (output += bytes.toString()))
  }
  const page = await app.firstWindow({ timeout: PATIENCE_MS }).catch(async (error: unknown) => {
    await app.close()
    throw new Error(`The app showed no window. It wrote:\n${output}`, { cause: error })
  })
  page.setDefaultTimeout(PATIENCE_MS)
  return { app, page, output: () => output, close: () => close(app, () => output) }
}

/** Quits the app; one that does not end is killed, and that is an error of its own. */
async function close(app: ElectronApplication, output: () => string): Promise<void> {
  const { pid } = app.process()
  let patience: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    patience = setTimeout(() => resolve('late'), PATIENCE_MS / 2)
  })
  const how = await Promise.race([app.close(), late])
  clearTimeout(patience)
  if (how !== 'late') return
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  throw new Error(`The app did not end when it was asked to. It wrote:\n${output()}`)
}

/** Playwright starts programs as ourselves: this one becomes the person first. */
function asPerson(desktop: Desktop, executable: string): string {
  const { account } = desktop.stage
  if (!account) return executable
  const script = join(desktop.user.directory, 'as-person')
  const { uid, gid } = account
  const become = `setpriv --reuid=${uid} --regid=${gid} --clear-groups --`
  writeFileSync(script, `#!/bin/sh\nexec ${become} '${executable}' "$@"\n`, { mode: 0o755 })
  return script
}
