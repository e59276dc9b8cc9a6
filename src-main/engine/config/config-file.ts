import { readFile } from 'node:fs/promises'
import { IzeError } from '../ize-error.ts'
import {
  checkValue,
  configKeys,
  isConfigKey,
  keyFacts,
  type Config,
  type ConfigKey,
  type ConfigLevel,
} from './schema.ts'
import { fullName, readToml } from './statements.ts'

/** One setting as a file gives it. `line` counts from 1. */
export interface ConfigEntry<K extends ConfigKey = ConfigKey> {
  readonly key: K
  readonly value: Config[K]
  readonly level: ConfigLevel
  readonly file: string
  readonly line: number
}

/** The `[project]` table of a project file belongs to the registry, not to the settings. */
const PROJECT_TABLE = 'project'

/**
 * The settings of one file; an absent file has none.
 * Errors: E_CONFIG_SYNTAX, E_CONFIG_KEY, E_CONFIG_VALUE, E_CONFIG_READ, each with file and (but the last) line.
 */
export async function readConfigFile(file: string, level: ConfigLevel): Promise<readonly ConfigEntry[]> {
  return configEntries(await readText(file), file, level)
}

export async function readText(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return ''
    if (error instanceof TypeError && code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new IzeError(
        'E_CONFIG_SYNTAX',
        `${file}, line 1: the file is not UTF-8 text.`,
        { file, line: 1 },
        { cause: error },
      )
    }
    throw new IzeError(
      'E_CONFIG_READ',
      `The settings in ${file} cannot be read: ${(error as Error).message}.`,
      { file },
      { cause: error },
    )
  }
}

export function configEntries(text: string, file: string, level: ConfigLevel): readonly ConfigEntry[] {
  const toml = readToml(text, file)
  const entries: ConfigEntry[] = []
  for (const header of toml.headers) {
    const known = configKeys.some((key) => key.startsWith(`${header.table}.`)) || isProjectTable(header.table, level)
    if (!known) throw unknownKey(header.table, file, header.line + 1)
  }
  for (const statement of toml.statements) {
    for (const [leaf, value] of statement.leaves) {
      const name = fullName(statement, leaf)
      if (isProjectTable(name, level)) continue
      const line = statement.firstLine + 1
      if (!isConfigKey(name)) throw unknownKey(name, file, line)
      entries.push({ key: name, value: allowedValue(name, value, level, file, line), level, file, line })
    }
  }
  return entries
}

/** The value if the key may have it at this level. Errors: E_CONFIG_VALUE, E_CONFIG_KEY (wrong level). */
export function allowedValue<K extends ConfigKey>(
  key: K,
  value: unknown,
  level: ConfigLevel,
  file: string,
  line?: number,
): Config[K] {
  const where = line === undefined ? file : `${file}, line ${line}`
  const { allowed, levels } = keyFacts(key)
  if (levels && !levels.includes(level)) {
    throw new IzeError(
      'E_CONFIG_KEY',
      `${where}: ${key} has no meaning here; it belongs into the ${levels.join(' or ')} settings.`,
      { file, line, key },
    )
  }
  const checked = checkValue(key, value)
  if (checked === undefined) {
    throw new IzeError(
      'E_CONFIG_VALUE',
      `${where}: ${key} must be ${allowed}, not ${JSON.stringify(value) ?? String(value)}.`,
      { file, line, key, allowed },
    )
  }
  return checked
}

function isProjectTable(name: string, level: ConfigLevel): boolean {
  return level === 'project' && (name === PROJECT_TABLE || name.startsWith(`${PROJECT_TABLE}.`))
}

export function unknownKey(name: string, file: string, line?: number): IzeError {
  const where = line === undefined ? '' : `${file}, line ${line}: `
  return new IzeError(
    'E_CONFIG_KEY',
    `${where}there is no setting "${name}". Known settings: ${configKeys.join(', ')}.`,
    { file, line, key: name, allowed: configKeys },
  )
}
