import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'

// The extension as Python runs it, with stand-ins for what Nautilus gives it.
const extension = resolve('assets/linux/nautilus.py')
const standIn = `
class GObject:
    class GObject: pass
class Nautilus:
    class MenuProvider: pass
    class MenuItem:
        def __init__(self, **facts): self.facts = facts
        def connect(self, signal, run): self.run = run
`
const driver = `
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location('extension', sys.argv[1])
extension = importlib.util.module_from_spec(spec)
spec.loader.exec_module(extension)
extension.APP = sys.argv[2]
class Location:
    def __init__(self, path): self.path = path
    def get_path(self): return self.path
class File:
    def __init__(self, path): self.path = path
    def get_location(self): return Location(self.path)
menu, window = extension.IzeMenu(), object()
file, folder, trash = File('/home/ada/a b.txt'), File('/home/ada'), File(None)
told = {
    'one': menu.get_file_items([file]), 'window': menu.get_file_items(window, [file]),
    'two': menu.get_file_items([file, folder]), 'none': menu.get_file_items([]), 'trash': menu.get_file_items([trash]),
    'background': menu.get_background_items(folder), 'old': menu.get_background_items(window, folder),
}
print(json.dumps({name: [item.facts for item in items] for name, items in told.items()}))
told['one'][0].run(told['one'][0])
`
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-nautilus-'))
  mkdirSync(join(folder, 'gi/repository'), { recursive: true })
  writeFileSync(join(folder, 'gi/__init__.py'), '')
  writeFileSync(join(folder, 'gi/repository/__init__.py'), standIn)
  writeFileSync(
    join(folder, 'app'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/told.new'; mv '${folder}/told.new' '${folder}/told'\n`,
  )
  chmodSync(join(folder, 'app'), 0o755)
})

afterEach(() => rmSync(folder, { recursive: true }))

test('one file, a folder and its background have an entry, which opens the history of that path', async () => {
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' }
  const printed = execFileSync('python3', ['-c', driver, extension, join(folder, 'app')], { env, encoding: 'utf8' })
  const told = JSON.parse(printed) as Record<string, { name: string; label: string }[]>
  const names = Object.entries(told).map(([what, items]) => [what, items.map(({ name }) => name)])
  expect(Object.fromEntries(names)).toEqual({
    one: ['IzeMenu::FileHistory'],
    window: ['IzeMenu::FileHistory'],
    two: [],
    none: [],
    trash: [],
    background: ['IzeMenu::FolderHistory'],
    old: ['IzeMenu::FolderHistory'],
  })
  expect(told['one']?.[0]?.label).toBe('Browse history')
  await until(() => existsSync(join(folder, 'told')))
  expect(readFileSync(join(folder, 'told'), 'utf8')).toBe('--history\n/home/ada/a b.txt\n')
})
