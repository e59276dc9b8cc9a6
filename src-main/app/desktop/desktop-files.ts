import { mkdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { replaceFile } from '../../window/replace-file.ts'

/** Folders of the desktop's own settings, by the XDG rules. */
export const configHome = (): string => process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config')
export const dataHome = (): string => process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share')

/** A line that tells our files from others' of the same name. */
export const MARK = 'X-Ize-Made=true'

/**
 * An `Exec` value: words quoted by the desktop entry rules, `%` doubled; field codes are added after. Only words that need
 * quotes have them: `xdg-open` without a desktop knows none.
 */
export function execLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : quoted(word)).replaceAll('%', '%%')).join(' ')
}

function quoted(word: string): string {
  return `"${word.replace(/[\\"`$]/g, '\\$&')}"`
}

export function desktopEntry(lines: Readonly<Record<string, string>>): string {
  const text = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`)
  return `[Desktop Entry]\n${text.join('')}${MARK}\n`
}

export async function writeOwn(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await replaceFile(path, text)
}

/** `absent`, `ours`, or `other`: someone else's, which is left alone. */
export async function whose(path: string): Promise<'absent' | 'ours' | 'other'> {
  try {
    return (await readFile(path, 'utf8')).includes('Ize-Made') ? 'ours' : 'other'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent'
    throw error
  }
}

/** Takes an entry of ours out of the user's default programs, to which xdg-mime can only add. */
export async function removeDefault(entry: string): Promise<void> {
  const path = join(configHome(), 'mimeapps.list')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').flatMap((line) => {
    const [type = '', value = ''] = line.split('=', 2)
    const entries = value.split(';').filter((one) => one !== '')
    if (!entries.includes(entry)) return [line]
    const left = entries.filter((one) => one !== entry)
    return left.length === 0 ? [] : [`${type}=${left.join(';')};`]
  })
  if (lines.join('\n') !== text) await replaceFile(path, lines.join('\n'))
}

/** Removes a file that is ours. */
export async function removeOwn(path: string): Promise<void> {
  if ((await whose(path)) === 'ours') await rm(path)
}
