import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { execLine, removeDefault } from '../../src-main/app/desktop/desktop-files.ts'
import { integrations, setIntegration } from '../../src-main/app/desktop/integrations.ts'
import { thunarAction, withoutThunarAction, withThunarAction } from '../../src-main/app/desktop/thunar.ts'

let folder: string
const before = { config: process.env['XDG_CONFIG_HOME'], data: process.env['XDG_DATA_HOME'] }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ize-desktop-'))
  process.env['XDG_CONFIG_HOME'] = join(folder, 'config')
  process.env['XDG_DATA_HOME'] = join(folder, 'data')
})

afterEach(async () => {
  for (const [name, value] of [
    ['XDG_CONFIG_HOME', before.config],
    ['XDG_DATA_HOME', before.data],
  ] as const) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  await rm(folder, { recursive: true })
})

test('starting at login is one file, and taking it away leaves nothing', async () => {
  const on = await setIntegration('autostart', true, ['/opt/My Apps/ize', '$HOME'])
  expect(on.find(({ id }) => id === 'autostart')?.state).toBe('on')
  const text = await readFile(join(folder, 'config/autostart/ize.desktop'), 'utf8')
  expect(text).toContain('Exec="/opt/My Apps/ize" "\\$HOME" --hidden\n')
  const off = await setIntegration('autostart', false, ['/opt/ize'])
  expect(off.find(({ id }) => id === 'autostart')?.state).toBe('off')
  await expect(readFile(join(folder, 'config/autostart/ize.desktop'))).rejects.toThrow('ENOENT')
})

test("someone else's file of the same name is left as it is", async () => {
  const file = join(folder, 'config/autostart/ize.desktop')
  await mkdir(join(folder, 'config/autostart'), { recursive: true })
  await writeFile(file, 'mine\n')
  await expect(setIntegration('autostart', true, ['/opt/ize'])).rejects.toMatchObject({ code: 'E_INTEGRATION' })
  expect((await integrations()).find(({ id }) => id === 'autostart')?.state).toBe('elsewhere')
  expect(await readFile(file, 'utf8')).toBe('mine\n')
})

test('an entry in the actions of Thunar comes and goes without the others', async () => {
  const file = { path: join(folder, 'config/Thunar/uca.xml') }
  const others =
    '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n<action>\n  <unique-id>1</unique-id>\n  <command>exo-open %f</command>\n</action>\n</actions>\n'
  await mkdir(join(folder, 'config/Thunar'), { recursive: true })
  await writeFile(file.path, others)
  await withThunarAction(file, "'/opt/a & b' --history %f")
  await withThunarAction(file, "'/opt/a & b' --history %f")
  const text = await readFile(file.path, 'utf8')
  expect(text.match(/ize-browse-history/g)).toHaveLength(1)
  expect(text).toContain("<command>'/opt/a &amp; b' --history %f</command>")
  expect(await thunarAction(file)).toBe(true)
  await withoutThunarAction(file)
  expect(await readFile(file.path, 'utf8')).toBe(others.replace('</action>\n</actions>', '</action>\n</actions>'))
})

test('a file that is no list of actions is left as it is', async () => {
  const file = { path: join(folder, 'uca.xml') }
  await writeFile(file.path, 'not xml')
  await expect(withThunarAction(file, 'x')).rejects.toMatchObject({ code: 'E_INTEGRATION' })
  expect(await readFile(file.path, 'utf8')).toBe('not xml')
})

test('words of a command line are quoted as desktop entries want it, where they have to be', () => {
  expect(execLine(['/opt/a b', '100%', 'say "hi" `x` \\'])).toBe('"/opt/a b" 100%% "say \\"hi\\" \\`x\\` \\\\"')
})

test('an entry is taken out of the default programs, and all others stay', async () => {
  const file = join(folder, 'config/mimeapps.list')
  await removeDefault('ize-links.desktop')
  await mkdir(join(folder, 'config'), { recursive: true })
  const others = '[Default Applications]\ntext/plain=gedit.desktop\nx-scheme-handler/http=a.desktop;b.desktop\n'
  await writeFile(file, `${others}x-scheme-handler/ize=ize-links.desktop\nx/y=ize-links.desktop;other.desktop;\n`)
  await removeDefault('ize-links.desktop')
  expect(await readFile(file, 'utf8')).toBe(`${others}x/y=other.desktop;\n`)
})
