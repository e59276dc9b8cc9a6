import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { AppResult } from '../../../src-preload/app-contract.ts'
import { IzeError } from '../../../src-preload/ize-error.ts'
import {
  configHome,
  dataHome,
  desktopEntry,
  execLine,
  MARK,
  removeDefault,
  removeOwn,
  whose,
  writeOwn,
} from './desktop-files.ts'
import { thunarAction, withoutThunarAction, withThunarAction, type EditedFile } from './thunar.ts'

export type Integration = AppResult<'app.integrations'>['integrations'][number]

const run = promisify(execFile)
const LINKS = 'ize-links.desktop'
/** What the deb puts there for all users. */
const entryInstalled = (): boolean => existsSync('/usr/share/applications/io.github.ize.Ize.desktop')
/** Nautilus runs extensions in Python only with a library of its own. */
const nautilusInstalled = (): boolean =>
  existsSync('/usr/share/nautilus-python/extensions/ize.py') &&
  ['x86_64-linux-gnu/', 'aarch64-linux-gnu/', '']
    .flatMap((folder) => ['4', '3.0'].map((api) => `/usr/lib/${folder}nautilus/extensions-${api}`))
    .some((folder) => existsSync(join(folder, 'libnautilus-python.so')))

interface Kind {
  readonly id: Integration['id']
  readonly detail: string
  /** Null: it can be had; else why not. */
  readonly unavailable?: () => string | null
  /** The file that is ours when it is on. */
  readonly file: () => string
  readonly text: (command: readonly string[]) => string
  readonly after?: (on: boolean, file: string) => Promise<void>
  /** The package sees to it, for everybody. */
  readonly installed?: () => boolean
}

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)))
const needs = (program: string, name: string) => (): string | null =>
  onPath(program) ? null : `${name} is not installed.`

/** Everything that Ize can put into the desktop, each as one file of its own. `command` starts the app. */
const kinds: readonly Kind[] = [
  {
    id: 'links',
    installed: entryInstalled,
    detail: 'Links that begin with ize:// open the history of what they name.',
    unavailable: needs('xdg-mime', 'xdg-utils'),
    file: () => join(dataHome(), 'applications', LINKS),
    text: (command) =>
      desktopEntry({
        Type: 'Application',
        Name: 'Ize',
        NoDisplay: 'true',
        Exec: `${execLine(command)} %u`,
        MimeType: 'x-scheme-handler/ize;',
      }),
    after: async (on) => {
      if (on) await run('xdg-mime', ['default', LINKS, 'x-scheme-handler/ize'])
      else await removeDefault(LINKS)
    },
  },
  {
    id: 'autostart',
    detail: 'Ize starts when you log in, without a window.',
    file: () => join(configHome(), 'autostart/ize.desktop'),
    text: (command) =>
      desktopEntry({
        Type: 'Application',
        Name: 'Ize',
        Exec: `${execLine([...command, '--hidden'])}`,
        Terminal: 'false',
      }),
  },
  {
    id: 'menu',
    installed: entryInstalled,
    detail: 'Ize stands in the menu of applications.',
    file: () => join(dataHome(), 'applications/ize.desktop'),
    text: (command) =>
      desktopEntry({
        Type: 'Application',
        Name: 'Ize',
        Comment: 'A folder that remembers',
        Icon: 'ize',
        Exec: execLine(command),
        Categories: 'Utility;',
      }),
  },
  {
    id: 'nautilus',
    installed: nautilusInstalled,
    detail: 'In Files, the menu of a file or folder has Scripts, Browse history.',
    unavailable: needs('nautilus', 'Files (Nautilus)'),
    file: () => join(dataHome(), 'nautilus/scripts/Browse history'),
    text: (command) =>
      `#!/bin/sh\n# ${MARK}\n# Of the chosen file; of the folder itself when nothing is chosen.\nexec ${shellWords(command)} --history "\${1:-$PWD}"\n`,
    after: async (on, file) => {
      if (on) await chmod(file, 0o700)
    },
  },
  {
    id: 'dolphin',
    detail: 'In Dolphin, the menu of a file, a folder and of the background has Browse history.',
    unavailable: needs('dolphin', 'Dolphin'),
    file: () => join(dataHome(), 'kio/servicemenus/ize.desktop'),
    text: (command) =>
      [
        '[Desktop Entry]',
        'Type=Service',
        'MimeType=all/allfiles;inode/directory;',
        'Actions=izeHistory;',
        MARK,
        '',
        '[Desktop Action izeHistory]',
        'Name=Browse history',
        'Icon=ize',
        `Exec=${execLine([...command, '--history'])} %f`,
        '',
      ].join('\n'),
    after: async (on, file) => {
      if (on) await chmod(file, 0o700)
    },
  },
]

export async function integrations(): Promise<Integration[]> {
  return [...(await Promise.all(kinds.map(stateOf))), await thunarState()]
}

/** Puts one in or takes it away; what someone else put there stays. Errors: E_INTEGRATION. */
export async function setIntegration(
  id: Integration['id'],
  on: boolean,
  command: readonly string[],
): Promise<Integration[]> {
  if (id === 'thunar') {
    await setThunar(on, command)
    return integrations()
  }
  const kind = kinds.find((one) => one.id === id)
  if (!kind) throw new IzeError('E_ARGUMENT', `There is no integration named ${id}.`)
  const file = kind.file()
  const why = on ? (kind.unavailable?.() ?? null) : null
  if (why !== null) throw new IzeError('E_INTEGRATION', why, { id })
  if ((await whose(file)) === 'other') {
    throw new IzeError('E_INTEGRATION', `${file} was not made by Ize, and is left as it is.`, { id, file })
  }
  if (on) await writeOwn(file, kind.text(command))
  else await removeOwn(file)
  await kind.after?.(on, file)
  return integrations()
}

async function stateOf({ id, detail, unavailable, file, installed }: Kind): Promise<Integration> {
  const found = await whose(file())
  if (found === 'ours') return { id, state: 'on', detail }
  if (found === 'other') return { id, state: 'elsewhere', detail: `${file()} was not made by Ize.` }
  if (installed?.()) {
    return { id, state: 'elsewhere', detail: 'The installed package sees to it.' }
  }
  const why = unavailable?.() ?? null
  return why === null ? { id, state: 'off', detail } : { id, state: 'unavailable', detail: why }
}

const THUNAR_DETAIL = 'In Thunar, the menu of a file, a folder and of the background has Browse history.'
const thunarFile = (): EditedFile => ({ path: join(configHome(), 'Thunar/uca.xml') })

async function thunarState(): Promise<Integration> {
  const id = 'thunar'
  if (await thunarAction(thunarFile())) return { id, state: 'on', detail: THUNAR_DETAIL }
  const why = needs('thunar', 'Thunar')()
  return why === null ? { id, state: 'off', detail: THUNAR_DETAIL } : { id, state: 'unavailable', detail: why }
}

async function setThunar(on: boolean, command: readonly string[]): Promise<void> {
  if (on) await withThunarAction(thunarFile(), `${shellWords(command)} --history %f`)
  else await withoutThunarAction(thunarFile())
}

/** Words as a shell reads them. */
function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
}
