import { mkdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { replaceFile } from '../../window/replace-file.ts'

/** Folders of the desktop's own settings, by the XDG rules. */
export const configHome = (): string => process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config')
export const dataHome = (): string => process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share')

/** A line that tells our files from others' of the same name. */
export const MARK = 'X-Ize-Made=true'

/** An `Exec` value: each word quoted by the desktop entry rules, `%` doubled; field codes are added after. */
export function execLine(words: readonly string[]): string {
  return words.map((word) => `"${word.replace(/[\\"`$]/g, '\\$&').replaceAll('%', '%%')}"`).join(' ')
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

/** Removes a file that is ours. */
export async function removeOwn(path: string): Promise<void> {
  if ((await whose(path)) === 'ours') await rm(path)
}
