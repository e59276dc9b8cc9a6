import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IzeUser } from '../support/ize-command.ts'

// One user and one engine for all; each test has projects of its own. Nothing is mounted here (test/mount/command.test.ts).
let user: IzeUser

interface Entry {
  hash: string
  time: string
  kind: string
  path: string
  program: string | null
  version: number
}

beforeAll(() => {
  user = new IzeUser()
  mkdirSync(user.path('source/chapters'), { recursive: true })
  writeFileSync(user.path('source/notes.txt'), 'one\n')
  writeFileSync(user.path('source/chapters/a.txt'), 'a\n')
  writeFileSync(user.path('source/run.sh'), '#!/bin/sh\n')
  chmodSync(user.path('source/run.sh'), 0o755)
  symlinkSync('notes.txt', user.path('source/link'))
  writeFileSync(Buffer.concat([Buffer.from(user.path('source/caf')), Buffer.from([0xe9])]), 'latin1 name\n')
  writeFileSync(user.path('source/binary'), Buffer.from([0, 1, 2, 255]))
  mkdirSync(user.path('source/node_modules'))
  writeFileSync(user.path('source/node_modules/x.js'), 'x')
})
afterAll(() => user.remove())

describe('ize init', () => {
  it('imports a folder and says what has no history', async () => {
    const ran = await user.run(['init', 'thesis', '--from', 'source'])
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.text).toMatch(/^Made thesis: 7 files/)
    expect(ran.errors).toMatch(/Space needed: up to .*; free: /)
    expect(ran.errors).toMatch(/without history: node_modules\//)
    expect(ran.errors).not.toMatch(/\x1b|\r/)
  })

  it('refuses a name that is taken, a folder that is not there, a name that cannot be', async () => {
    await user.ize('init', 'taken')
    for (const [args, code, exit] of [
      [['init', 'Taken'], 'E_NAME_TAKEN', 4],
      [['init', 'other', '--from', 'nowhere'], 'E_SOURCE_MISSING', 3],
      [['init', 'a/b'], 'E_NAME_INVALID', 4],
    ] as const) {
      const ran = await user.run([...args, '--json'])
      expect(ran.code).toBe(exit)
      expect(JSON.parse(ran.text)).toEqual({ error: { code, message: expect.any(String) } })
      expect(ran.errors).toMatch(/^ize: [^\n]+\.\n$/)
    }
    expect((await user.json<{ name: string }[]>('list')).map(({ name }) => name)).not.toContain('other')
  })

  it('leaves nothing behind when it is interrupted', async () => {
    mkdirSync(user.path('many'))
    for (let n = 0; n < 3000; n++) writeFileSync(user.path(`many/${n}`), `${n}\n`.repeat(1000))
    const child = user.start(['init', 'many', '--from', 'many'])
    child.stderr?.once('data', () => child.kill('SIGINT'))
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect(code).toBe(130)
    expect((await user.json<{ name: string }[]>('list')).map(({ name }) => name)).not.toContain('many')
  })
})

describe('an unmounted project', () => {
  it('has a history, as JSON by entries', async () => {
    await user.ize('init', 'history', '--from', 'source')
    const entries = await user.json<Entry[]>('history', 'history')
    expect(entries.map(({ path }) => path)).toEqual(expect.arrayContaining(['notes.txt', 'chapters/a.txt', 'caf%E9']))
    for (const { hash, time, kind } of entries) {
      expect(hash).toMatch(/^[A-Z2-7]{53}$/)
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
      expect(kind).toBe('import')
    }
    expect(await user.json('history', 'history', 'notes.txt')).toHaveLength(1)
    expect(await user.ize('history', 'history')).toMatch(/import/)
    expect(await user.json('history', 'history', '--limit', '2')).toHaveLength(2)
  })

  it('shows contents as they are, also of names that are not UTF-8', async () => {
    await user.ize('init', 'show', '--from', 'source')
    expect(await user.ize('show', 'show', 'notes.txt')).toBe('one\n')
    expect(await user.ize('show', 'show', 'notes.txt@1')).toBe('one\n')
    expect((await user.run(['show', 'show', 'binary'])).stdout).toEqual(Buffer.from([0, 1, 2, 255]))
    expect(await user.ize('show', 'show', 'caf%E9')).toBe('latin1 name\n')
    expect(await user.ize('show', 'show', Buffer.from('caf\xe9', 'latin1'))).toBe('latin1 name\n')
    expect(await user.ize('show', 'show', 'link')).toBe('notes.txt')
    expect(await user.json('show', 'show', 'binary')).toMatchObject({ content: null, base64: 'AAEC/w==', size: 4 })
  })

  it('stays as it is when it is restored to what it is', async () => {
    await user.ize('init', 'restore', '--from', 'source')
    const first = await user.json<Entry[]>('history', 'restore', 'notes.txt')
    expect(await user.ize('restore', 'restore', 'notes.txt', first[0]?.hash.slice(0, 10) ?? '')).toMatch(/already/)
    const status = await user.json('status', 'restore')
    expect(status).toMatchObject({ mounted: false, pending: { operations: 0, bytes: 0 } })
  })

  it('is exported with modes, links, and what has no history', async () => {
    await user.ize('init', 'export', '--from', 'source')
    await user.ize('export', 'export', 'exported')
    expect(readFileSync(user.path('exported/chapters/a.txt'), 'utf8')).toBe('a\n')
    expect(statSync(user.path('exported/run.sh')).mode & 0o777).toBe(0o755)
    expect(readlinkSync(user.path('exported/link'))).toBe('notes.txt')
    expect(lstatSync(user.path('exported/node_modules/x.js')).isFile()).toBe(true)
    expect(await user.run(['export', 'export', 'exported', '--json'])).toMatchObject({ code: 4 })
    const inside = await user.run(['export', 'export', user.central + '/x', '--json'])
    expect(JSON.parse(inside.text)).toMatchObject({ error: { code: 'E_EXPORT_TARGET' } })
  })

  it('is exported in part: a folder, a file, either at a version', async () => {
    await user.ize('init', 'part', '--from', 'source')
    const done = await user.json<{ files: number; folder: string }>('export', 'part', 'chapters', 'part-folder')
    expect(done).toMatchObject({ files: 1, folder: user.path('part-folder') })
    expect(readdirSync(user.path('part-folder'))).toEqual(['a.txt'])
    await user.ize('export', 'part', 'chapters/a.txt@1', 'part-file')
    expect(readFileSync(user.path('part-file/a.txt'), 'utf8')).toBe('a\n')
    await user.ize('export', 'part', '.', 'part-whole', '--at', '1')
    expect(existsSync(user.path('part-whole/node_modules'))).toBe(false)
    expect(readFileSync(user.path('part-whole/notes.txt'), 'utf8')).toBe('one\n')
    const unknown = await user.run(['export', 'part', 'nope', 'part-nope', '--json'])
    expect(JSON.parse(unknown.text)).toMatchObject({ error: { code: 'E_PATH_UNKNOWN' } })
    expect(existsSync(user.path('part-nope'))).toBe(false)
    expect(await user.ize('export', '--help')).toContain('ize export [options] <project> [path] <folder>')
  })

  it('is removed only when that is said', async () => {
    await user.ize('init', 'remove')
    const refused = await user.run(['remove', 'remove', '--json'])
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'E_NOT_CONFIRMED' } })
    await user.ize('remove', 'remove', '--yes')
    expect((await user.run(['status', 'remove'])).code).toBe(3)
  })
})

describe('what does not exist', () => {
  it('is named in one sentence, with its code and exit code', async () => {
    await user.ize('init', 'errors', '--from', 'source')
    for (const [args, code, exit] of [
      [['status', 'nope'], 'E_PROJECT_UNKNOWN', 3],
      [['history', 'errors', 'nope'], 'E_PATH_UNKNOWN', 3],
      [['show', 'errors', '../x'], 'E_PATH_OUTSIDE', 3],
      [['show', 'errors', '/etc/passwd'], 'E_PATH_OUTSIDE', 3],
      [['show', 'errors', 'notes.txt@9'], 'E_VERSION_UNKNOWN', 3],
      [['show', 'errors', 'notes.txt', '--at', 'ZZZZZZ'], 'E_VERSION_UNKNOWN', 3],
      [['show', 'errors', 'chapters'], 'E_NOT_A_FILE', 4],
      [['restore', 'errors', 'notes.txt', '7'], 'E_VERSION_UNKNOWN', 3],
      [['restore', 'errors', 'notes.txt'], 'E_USAGE', 2],
      [['unmount', 'errors'], 'E_NOT_MOUNTED', 3],
      [['config', 'get', 'nope'], 'E_CONFIG_KEY', 8],
      [['config', 'set', 'colours', 'pink'], 'E_CONFIG_VALUE', 8],
      [['mount', 'errors'], 'E_MOUNT_NOT_DIRECTORY', 4],
    ] as const) {
      const ran = await user.run([...args, '--json'])
      expect({ args, answer: JSON.parse(ran.text) as unknown }).toEqual({
        args,
        answer: { error: { code, message: expect.stringMatching(/\.$|^[^\n]+ [^ ]+$/) } },
      })
      expect(ran.code).toBe(exit)
      expect(ran.errors).toMatch(/^ize: [^\n]+\n$/)
    }
  })

  it('is a wrong command, answered with usage', async () => {
    for (const args of [['frobnicate'], ['status'], ['list', '--nope'], ['history', 'x', '--limit', 'many']]) {
      const ran = await user.run(args)
      expect(ran.code).toBe(2)
      expect(ran.errors).toMatch(/^ize: /)
    }
  })
})

describe('ize config', () => {
  it('says where a value comes from, the narrower level winning', async () => {
    await user.ize('init', 'configured')
    await user.ize('config', 'set', 'history.granularity', 'batch')
    await user.ize('config', 'set', 'history.granularity', 'op', '--project', 'configured')
    expect(await user.ize('config', 'get', 'history.granularity')).toBe('batch\n')
    expect(await user.ize('config', 'get', 'history.granularity', '--project', 'configured')).toBe('op\n')
    expect(await user.ize('config', 'list', '--show-origin', '--project', 'configured')).toMatch(
      /project: .*project\.toml:\d+ +history\.granularity += +op/,
    )
    await user.ize('config', 'unset', 'history.granularity', '--project', 'configured')
    expect(await user.json('config', 'get', 'history.granularity', '--project', 'configured')).toMatchObject({
      value: 'batch',
      origin: { level: 'user' },
    })
    await user.ize('config', 'unset', 'history.granularity')
  })
})

describe('help and completion', () => {
  it('show every verb an example', async () => {
    const help = await user.ize('--help')
    const verbs = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb ?? '')
    expect(verbs).toEqual(
      expect.arrayContaining([
        'init',
        'mount',
        'status',
        'history',
        'diff',
        'show',
        'restore',
        'unmount',
        'list',
        'remove',
        'export',
        'doctor',
        'config',
        'daemon',
        'completion',
        'start',
        'version',
      ]),
    )
    for (const verb of verbs) {
      if (['help', 'config', 'daemon'].includes(verb)) continue
      expect(await user.ize(verb, '--help')).toMatch(/Example:\n {2}(source <\()?ize /)
    }
  })

  it('complete verbs, options and projects', async () => {
    await user.ize('init', 'completed')
    expect((await user.ize('__complete', '--', 'his')).trim()).toBe('history')
    expect((await user.ize('__complete', '--', 'history', 'compl')).trim()).toBe('completed')
    expect((await user.ize('__complete', '--', 'config', 'li')).trim()).toBe('list')
    expect((await user.ize('__complete', '--', 'status', '--w')).trim()).toBe('--wait')
    for (const shell of ['bash', 'zsh', 'fish']) expect(await user.ize('completion', shell)).toContain('ize __complete')
  })

  it('offers a unit for systemd that runs this engine', async () => {
    const unit = await user.ize('daemon', 'unit')
    expect(unit).toMatch(/^ExecStart=".*node" ".*engine\.cjs"$/m)
    await user.ize('daemon', 'unit', '--install')
    expect(readFileSync(user.path('home/.config/systemd/user/ize.service'), 'utf8')).toBe(unit)
  })
})

describe('ize doctor', () => {
  it('looks at the machine and at each project', async () => {
    await user.ize('init', 'examined', '--from', 'source')
    const ran = await user.run(['doctor', 'examined', '--json'])
    const findings = JSON.parse(ran.text) as { level: string; project: string | null }[]
    expect(findings.length).toBeGreaterThan(0)
    expect(findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(ran.code).toBe(0)
    expect(existsSync(user.path('central/engine.log'))).toBe(true)
  })
})
