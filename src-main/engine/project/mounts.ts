import { readFile } from 'node:fs/promises'

/** One line of /proc/self/mountinfo that Ize made. */
export interface IzeMount {
  readonly path: string
  /** What Ize named as the source: the project. */
  readonly source: string
  /** st_dev as `major:minor`. */
  readonly device: string
}

/** Subtype under which Ize mounts; the kernel shows `fuse.ize`. */
export const MOUNT_TYPE = 'fuse.ize'

/** All mounts of Ize that this process sees, in the order they were made. Touches no path. */
export async function izeMounts(): Promise<readonly IzeMount[]> {
  return (await allMounts()).filter(({ type }) => type === MOUNT_TYPE)
}

/** Format: proc_pid_mountinfo(5). A path is read as UTF-8. */
export async function allMounts(): Promise<readonly (IzeMount & { readonly type: string })[]> {
  const text = await readFile('/proc/self/mountinfo', 'latin1').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [facts, rest] = line.split(' - ')
    const [, , device, , path] = facts?.split(' ') ?? []
    const [type, source] = rest?.split(' ') ?? []
    return device && path && type ? [{ path: unescape(path), source: unescape(source ?? ''), device, type }] : []
  })
}

/** Whether a resolved path is a folder or lies in it. */
export function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescape(field: string): string {
  const bytes = field.replace(/\\([0-7]{3})/g, (_: string, octal: string) => String.fromCharCode(parseInt(octal, 8)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
