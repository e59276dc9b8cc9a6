import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { readConfigFile } from './config-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `IZE_SYSTEM_CONFIG` moves it, for tests. */
export function systemConfigFile(env: Environment = process.env): string {
  return env['IZE_SYSTEM_CONFIG'] || '/etc/ize/config.toml'
}

export function userConfigFile(env: Environment = process.env): string {
  return join(baseDirectory(env, 'XDG_CONFIG_HOME', '.config'), 'ize', 'config.toml')
}

/**
 * Where all projects are: `IZE_CENTRAL_DIR`, else the setting `central-dir` (user, then system), else
 * `$XDG_DATA_HOME/ize`. Always absolute. Errors: those of the settings files.
 */
export async function centralDirectoryPath(env: Environment = process.env): Promise<string> {
  if (env['IZE_CENTRAL_DIR']) return resolve(env['IZE_CENTRAL_DIR'])
  for (const [file, level] of [
    [userConfigFile(env), 'user'],
    [systemConfigFile(env), 'system'],
  ] as const) {
    const entry = (await readConfigFile(file, level)).find(({ key, value }) => key === 'central-dir' && value !== '')
    if (!entry) continue
    const path = String(entry.value).replace(/^~(?=\/|$)/, homedir())
    if (isAbsolute(path)) return resolve(path)
    throw new IzeError(
      'E_CONFIG_VALUE',
      `${file}, line ${entry.line}: central-dir must be an absolute path or begin with ~/, not "${String(entry.value)}".`,
      { file, line: entry.line, key: 'central-dir' },
    )
  }
  return join(baseDirectory(env, 'XDG_DATA_HOME', '.local/share'), 'ize')
}

/** The XDG base directory specification: a relative value is to be ignored. */
function baseDirectory(env: Environment, variable: string, fallback: string): string {
  const given = env[variable]
  return given && isAbsolute(given) ? given : join(homedir(), fallback)
}
