import { mkdtemp, readFile, rm, stat, symlink, writeFile, mkdir, lstat } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  getConfig,
  listConfig,
  readConfig,
  setConfig,
  unsetConfig,
  type ConfigFiles,
} from '../../../src-main/engine/config/config.ts'
import { centralDirectoryPath, systemConfigFile, userConfigFile } from '../../../src-main/engine/config/locations.ts'
import { configDefaults, configKeys, keyFacts } from '../../../src-main/engine/config/schema.ts'

let directory: string
let files: Required<ConfigFiles>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ize-config-'))
  files = {
    system: join(directory, 'etc/config.toml'),
    user: join(directory, 'home/config.toml'),
    central: join(directory, 'central/config.toml'),
    project: join(directory, 'project.toml'),
  }
})
afterEach(() => rm(directory, { recursive: true }))

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

describe('the levels', () => {
  it('are the defaults when no file exists', async () => {
    expect(await readConfig(files)).toEqual(configDefaults)
    expect((await listConfig(files)).every(({ origin }) => origin === null)).toBe(true)
  })

  it('yield to the narrower one, each value with its file and line', async () => {
    await put(files.system, '[history]\ngranularity = "op"\ntext-limit = 10\n[user]\nname = "System"\n')
    await put(files.user, '# mine\nuser = { name = "User", email = "u@example.org" }\n')
    await put(files.project, '[project]\nname = "p"\n\n[history]\n\ngranularity = "batch"\n')
    expect(await getConfig(files, 'history.granularity')).toEqual({
      key: 'history.granularity',
      value: 'batch',
      origin: { level: 'project', file: files.project, line: 6 },
    })
    expect(await getConfig(files, 'history.text-limit')).toMatchObject({
      value: 10,
      origin: { level: 'system', line: 3 },
    })
    expect(await getConfig(files, 'user.name')).toMatchObject({ value: 'User', origin: { level: 'user', line: 2 } })
  })

  it('know a description and what is allowed for every key', () => {
    for (const key of configKeys) expect(keyFacts(key).description).toMatch(/\.$/)
  })
})

describe('a wrong file is named', () => {
  it.each([
    [
      '[history]\ngranularity = "weekly"\n',
      'E_CONFIG_VALUE',
      /line 2: history\.granularity must be one of "op", "save", "batch", not "weekly"/,
    ],
    ['\n\n[log]\nlimit-bytes = -1\n', 'E_CONFIG_VALUE', /line 4: log\.limit-bytes must be a whole number from/],
    ['[histroy]\ngranularity = "op"\n', 'E_CONFIG_KEY', /line 1: there is no setting "histroy"/],
    ['[log]\nlimit = 4\n', 'E_CONFIG_KEY', /line 2: there is no setting "log\.limit"/],
    ['ignore = [\n "a",\n 3,\n]\n', 'E_CONFIG_VALUE', /line 1: ignore must be a list of texts/],
    ['[log\nlimit-bytes = 4\n', 'E_CONFIG_SYNTAX', /line 1: this is not valid TOML/],
    ['[project]\nname = "not here"\n', 'E_CONFIG_KEY', /line 1: there is no setting "project"/],
  ])('%j', async (text, code, message) => {
    await put(files.user, text)
    await expect(listConfig(files)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      data: { file: files.user },
    })
  })

  it('when it is not text', async () => {
    await mkdir(dirname(files.user), { recursive: true })
    await writeFile(files.user, Buffer.from([0x61, 0xff, 0xfe]))
    await expect(listConfig(files)).rejects.toMatchObject({ code: 'E_CONFIG_SYNTAX' })
  })

  it('when it is a directory', async () => {
    await mkdir(files.user, { recursive: true })
    await expect(listConfig(files)).rejects.toMatchObject({ code: 'E_CONFIG_READ' })
  })

  it('when central-dir stands where it cannot count', async () => {
    await put(files.project, 'central-dir = "/x"\n')
    await expect(listConfig(files)).rejects.toMatchObject({
      code: 'E_CONFIG_KEY',
      message: expect.stringContaining('system or user settings'),
    })
  })
})

describe('setting a value', () => {
  it('keeps comments, order and everything else', async () => {
    const before =
      '# top\ncolours = "never" # quiet\n\n[history] # about\n# which\ngranularity = "op"   # each\n\n[log]\nlimit-bytes = 2_000_000\n'
    await put(files.user, before)
    await setConfig(files, 'user', 'history.granularity', 'save')
    await setConfig(files, 'user', 'history.text-limit', '5')
    await setConfig(files, 'user', 'ignore', '["a#b", "c"]')
    expect(await readFile(files.user, 'utf8')).toBe(
      '# top\ncolours = "never" # quiet\nignore = [ "a#b", "c" ]\n\n[history] # about\n# which\ngranularity = "save"   # each\ntext-limit = 5\n\n[log]\nlimit-bytes = 2_000_000\n',
    )
  })

  it('makes a file that is absent, readable by its owner only', async () => {
    await setConfig(files, 'user', 'user.name', 'Ada Lovelace')
    expect(await readFile(files.user, 'utf8')).toBe('[user]\nname = "Ada Lovelace"\n')
    expect((await stat(files.user)).mode & 0o777).toBe(0o600)
  })

  it('finds its place beside dotted keys and inside inline tables', async () => {
    await put(files.user, 'user.name = "a"\nhistory = { granularity = "op", text-limit = 3 }\n')
    await setConfig(files, 'user', 'user.email', 'a@b')
    await setConfig(files, 'user', 'history.text-limit', '4')
    await unsetConfig(files, 'user', 'user.name')
    expect(await readFile(files.user, 'utf8')).toBe(
      'user.email = "a@b"\nhistory.granularity = "op"\nhistory.text-limit = 4\n',
    )
  })

  it('replaces a value of several lines whole', async () => {
    await put(files.user, 'ignore = [\n  "x", # one\n  "]",\n]\n[user]\nname = """\nthree\nlines"""\n')
    await setConfig(files, 'user', 'ignore', 'build/')
    await setConfig(files, 'user', 'user.name', '"Bo"')
    expect(await readFile(files.user, 'utf8')).toBe('ignore = [ "build/" ]\n[user]\nname = "Bo"\n')
  })

  it('takes a value away again, and is fine when there is none', async () => {
    await put(files.user, '[log]\nlimit-bytes = 2000000\n# end\n')
    await unsetConfig(files, 'user', 'log.limit-bytes')
    await unsetConfig(files, 'user', 'log.limit-bytes')
    expect(await readFile(files.user, 'utf8')).toBe('[log]\n# end\n')
  })

  it('refuses what is not allowed and leaves the file as it was', async () => {
    await put(files.user, 'colours = "auto"\n')
    await expect(setConfig(files, 'user', 'colours', 'red')).rejects.toMatchObject({ code: 'E_CONFIG_VALUE' })
    await expect(setConfig(files, 'user', 'color', 'never')).rejects.toMatchObject({ code: 'E_CONFIG_KEY' })
    await expect(setConfig({ user: files.user }, 'project', 'colours', 'never')).rejects.toMatchObject({
      code: 'E_CONFIG_LEVEL',
    })
    expect(await readFile(files.user, 'utf8')).toBe('colours = "auto"\n')
  })

  it('writes through a symbolic link', async () => {
    await put(join(directory, 'dotfiles/ize.toml'), '')
    await mkdir(dirname(files.user))
    await symlink(join(directory, 'dotfiles/ize.toml'), files.user)
    await setConfig(files, 'user', 'colours', 'never')
    expect((await lstat(files.user)).isSymbolicLink()).toBe(true)
    expect(await readFile(join(directory, 'dotfiles/ize.toml'), 'utf8')).toBe('colours = "never"\n')
  })
})

describe('the places', () => {
  it('follow the XDG variables unless they are relative', () => {
    expect(userConfigFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/ize/config.toml')
    expect(userConfigFile({ XDG_CONFIG_HOME: 'c' })).toBe(join(homedir(), '.config/ize/config.toml'))
    expect(systemConfigFile({})).toBe('/etc/ize/config.toml')
  })

  it('give the central directory: environment, user, system, XDG', async () => {
    const env = { XDG_CONFIG_HOME: join(directory, 'xdg'), XDG_DATA_HOME: '/data', IZE_SYSTEM_CONFIG: files.system }
    expect(await centralDirectoryPath(env)).toBe('/data/ize')
    await put(files.system, 'central-dir = "/sys"\n')
    expect(await centralDirectoryPath(env)).toBe('/sys')
    await put(userConfigFile(env), 'central-dir = "~/mine"\n')
    expect(await centralDirectoryPath(env)).toBe(join(homedir(), 'mine'))
    expect(await centralDirectoryPath({ ...env, IZE_CENTRAL_DIR: '/env' })).toBe('/env')
    await put(userConfigFile(env), '\ncentral-dir = "mine"\n')
    await expect(centralDirectoryPath(env)).rejects.toMatchObject({
      code: 'E_CONFIG_VALUE',
      message: expect.stringContaining('line 2'),
    })
  })
})
