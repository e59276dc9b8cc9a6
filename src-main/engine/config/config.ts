import { join } from 'node:path'
import { IzeError } from '../ize-error.ts'
import { allowedValue, configEntries, readConfigFile, unknownKey, type ConfigEntry } from './config-file.ts'
import { editTomlFile } from './edit-file.ts'
import { systemConfigFile, userConfigFile } from './locations.ts'
import {
  configDefaults,
  configKeys,
  configLevels,
  isConfigKey,
  type Config,
  type ConfigKey,
  type ConfigLevel,
} from './schema.ts'
import { tryParse } from './statements.ts'

/** The file of each level that takes part; `project` only where a project is meant. */
export type ConfigFiles = Readonly<Partial<Record<ConfigLevel, string>>>

/** A value in force and where it comes from; `origin` is null for a default. */
export interface ConfigValue<K extends ConfigKey = ConfigKey> {
  readonly key: K
  readonly value: Config[K]
  readonly origin: { readonly level: ConfigLevel; readonly file: string; readonly line: number } | null
}

/** `projectToml` is the project's meta/project.toml. */
export function configFiles(centralDirectory: string, projectToml?: string): ConfigFiles {
  return {
    system: systemConfigFile(),
    user: userConfigFile(),
    central: join(centralDirectory, 'config.toml'),
    ...(projectToml ? { project: projectToml } : {}),
  }
}

/** All settings in force, in the order of the schema. Errors: E_CONFIG_KEY, E_CONFIG_VALUE, E_CONFIG_SYNTAX, E_CONFIG_READ. */
export async function listConfig(files: ConfigFiles): Promise<readonly ConfigValue[]> {
  const found = new Map<ConfigKey, ConfigEntry>()
  for (const level of configLevels) {
    const file = files[level]
    if (!file) continue
    for (const entry of await readConfigFile(file, level)) found.set(entry.key, entry)
  }
  return configKeys.map((key) => {
    const entry = found.get(key)
    if (!entry) return { key, value: configDefaults[key], origin: null }
    return { key, value: entry.value, origin: { level: entry.level, file: entry.file, line: entry.line } }
  })
}

export async function readConfig(files: ConfigFiles): Promise<Config> {
  return Object.fromEntries((await listConfig(files)).map(({ key, value }) => [key, value])) as unknown as Config
}

/** Errors: E_CONFIG_KEY for a name that is no setting. */
export async function getConfig(files: ConfigFiles, name: string): Promise<ConfigValue> {
  const key = knownKey(name)
  const found = (await listConfig(files)).find((value) => value.key === key)
  if (!found) throw unknownKey(name, '')
  return found
}

/**
 * Writes one setting into a level's file (made when absent). `text` is what the user typed: a bare word counts as a
 * text, anything else as TOML. Errors: E_CONFIG_KEY, E_CONFIG_VALUE, E_CONFIG_LEVEL, E_CONFIG_WRITE.
 */
export async function setConfig(files: ConfigFiles, level: ConfigLevel, name: string, text: string): Promise<void> {
  const key = knownKey(name)
  const file = fileOf(files, level)
  await edit(file, level, key, allowedValue(key, typedValue(key, text), level, file))
}

/** Removes one setting from a level's file; it not being there is fine. */
export async function unsetConfig(files: ConfigFiles, level: ConfigLevel, name: string): Promise<void> {
  await edit(fileOf(files, level), level, knownKey(name), undefined)
}

function typedValue(key: ConfigKey, text: string): unknown {
  const standard = configDefaults[key]
  const parsed = tryParse(`x = ${text}`)?.['x']
  if (typeof standard === 'string') return typeof parsed === 'string' ? parsed : text
  if (Array.isArray(standard)) return Array.isArray(parsed) ? parsed : [typeof parsed === 'string' ? parsed : text]
  return parsed ?? text
}

function knownKey(name: string): ConfigKey {
  if (!isConfigKey(name)) throw unknownKey(name, '')
  return name
}

function fileOf(files: ConfigFiles, level: ConfigLevel): string {
  const file = files[level]
  if (file) return file
  throw new IzeError('E_CONFIG_LEVEL', `There is no ${level} level here: name the project whose setting it is.`, {
    level,
  })
}

async function edit(file: string, level: ConfigLevel, key: ConfigKey, value: unknown): Promise<void> {
  // What could not be read back must not be written.
  const check = (text: string) => void configEntries(text, file, level)
  try {
    await editTomlFile(file, { [key]: value }, { mode: level === 'system' ? 0o644 : 0o600, check })
  } catch (error) {
    if (error instanceof IzeError) throw error
    throw new IzeError(
      'E_CONFIG_WRITE',
      `${key} cannot be written to ${file}: ${(error as Error).message}.`,
      { file, key },
      { cause: error },
    )
  }
}
