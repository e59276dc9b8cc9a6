import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { bundleDirectory } from '../client/engine-process.ts'
import { nodeProgram } from '../client/node-program.ts'

/**
 * A unit that has the user's service manager run the engine from login on. Nothing needs it: the engine starts when it
 * is asked for. It is for who wants projects mounted at login (systemd.service(5)).
 */
export function unitText(): string {
  const { program, env } = nodeProgram()
  const variables = Object.entries({ IZE_STAY: '1', ...env }).map(([name, value]) => `Environment=${name}=${value}\n`)
  return `[Unit]
Description=Ize, the folder that remembers
Documentation=man:ize(1)

[Service]
ExecStart=${quoted(program)} ${quoted(join(bundleDirectory(), 'engine.cjs'))}
${variables.join('')}# Another engine, started by a program, holds the projects: try again when it has ended.
Restart=on-failure
RestartSec=5
RestartForceExitStatus=75
# It syncs its logs and ends its mounts within two seconds.
TimeoutStopSec=5
KillMode=mixed

[Install]
WantedBy=default.target
`
}

/** Returns the file that was written. */
export async function installUnit(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env['XDG_CONFIG_HOME']
  const base = given && isAbsolute(given) ? given : join(homedir(), '.config')
  const file = join(base, 'systemd/user/ize.service')
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, unitText())
  return file
}

/** systemd.syntax(7): quotes, with its own escapes for what is special in them. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}
