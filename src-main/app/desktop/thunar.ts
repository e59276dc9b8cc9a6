import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { IzeError } from '../../../src-preload/ize-error.ts'
import { replaceFile } from '../../window/replace-file.ts'

export interface EditedFile {
  readonly path: string
}

const ID = 'ize-browse-history'
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'
const ACTION = new RegExp(`\\s*<action>(?:(?!</action>)[\\s\\S])*<unique-id>${ID}</unique-id>[\\s\\S]*?</action>`)

/** Whether our entry is among the user's own actions of Thunar. */
export async function thunarAction({ path }: EditedFile): Promise<boolean> {
  return ACTION.test((await read(path)) ?? '')
}

/** Adds our entry, and leaves all others as they are. Errors: E_INTEGRATION when the file is not what Thunar writes. */
export async function withThunarAction({ path }: EditedFile, command: string): Promise<void> {
  const text = ((await read(path)) ?? EMPTY).replace(ACTION, '')
  const end = text.lastIndexOf('</actions>')
  if (end === -1) {
    throw new IzeError('E_INTEGRATION', `${path} is not a list of actions as Thunar writes it; it is left as it is.`)
  }
  const entry = [
    '<action>',
    '  <icon>ize</icon>',
    '  <name>Browse history</name>',
    `  <unique-id>${ID}</unique-id>`,
    `  <command>${escaped(command)}</command>`,
    '  <description>Versions of this file or folder in Ize</description>',
    '  <range></range>',
    '  <patterns>*</patterns>',
    ...['directories', 'audio-files', 'image-files', 'other-files', 'text-files', 'video-files'].map(
      (kind) => `  <${kind}/>`,
    ),
    '</action>',
    '',
  ].join('\n')
  await mkdir(dirname(path), { recursive: true })
  await replaceFile(path, `${text.slice(0, end)}${entry}${text.slice(end)}`)
}

export async function withoutThunarAction({ path }: EditedFile): Promise<void> {
  const text = await read(path)
  if (text !== null && ACTION.test(text)) await replaceFile(path, text.replace(ACTION, ''))
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
