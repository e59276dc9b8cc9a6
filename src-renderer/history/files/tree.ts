import type { Result } from '../../../src-preload/contract.ts'

export type TreeEntry = Result<'history.tree'>['entries'][number]
type Entry = Result<'history.entries'>['entries'][number]

/** What a folder held, as far as it was asked for. */
export interface Folder {
  readonly state: 'loading' | 'ready' | 'failed'
  readonly entries: readonly TreeEntry[]
  /** The page after these; null: that is all. */
  readonly next: string | null
  /** What had been there before and was gone; null: not asked for. */
  readonly gone: readonly Gone[] | null
  readonly message?: string
}

export interface Gone {
  readonly path: string
  readonly folder: boolean
  /** Name of its last version before it went. */
  readonly last: string
}

export type TreeRow =
  | {
      readonly kind: 'entry'
      readonly path: string
      readonly name: string
      readonly folder: boolean
      readonly open: boolean
      readonly depth: number
      readonly position: number
      readonly siblings: number
      readonly size: number | null
      readonly gone: Gone | null
    }
  | {
      readonly kind: 'state'
      readonly path: string
      readonly depth: number
      readonly state: Folder['state'] | 'more' | 'empty'
    }

/** The open folders as rows: folders first, then by name; what is gone stands among the rest. */
export function treeRows(folders: ReadonlyMap<string, Folder>, open: ReadonlySet<string>, root = ''): TreeRow[] {
  const rows: TreeRow[] = []
  const add = (path: string, depth: number): void => {
    const folder = folders.get(path)
    if (!folder) return void rows.push({ kind: 'state', path, depth, state: 'loading' })
    const members = [
      ...folder.entries.map((entry) => ({
        path: entry.path,
        folder: entry.type === 'directory',
        size: entry.size,
        gone: null,
      })),
      ...(folder.gone ?? []).map((gone) => ({ path: gone.path, folder: gone.folder, size: null, gone })),
    ].sort((a, b) => Number(b.folder) - Number(a.folder) || compare(nameOf(a.path), nameOf(b.path)))
    members.forEach((member, index) => {
      const isOpen = member.folder && open.has(member.path)
      rows.push({
        kind: 'entry',
        ...member,
        name: nameOf(member.path),
        open: isOpen,
        depth,
        position: index + 1,
        siblings: members.length,
      })
      if (isOpen) add(member.path, depth + 1)
    })
    if (folder.state !== 'ready') rows.push({ kind: 'state', path, depth, state: folder.state })
    else if (folder.next !== null) rows.push({ kind: 'state', path, depth, state: 'more' })
    else if (members.length === 0) rows.push({ kind: 'state', path, depth, state: 'empty' })
  }
  add(root, 0)
  return rows
}

/**
 * What deletions below a folder took away that was not there at the time: of each thing directly in it the newest one.
 * A folder of which only files below are known to be gone counts as gone itself.
 */
export function goneFrom(folder: string, deletions: readonly Entry[], there: ReadonlySet<string>): Gone[] {
  const found = new Map<string, Gone>()
  for (const { path, action, type, time, version } of deletions) {
    const rest = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : ''
    if (action !== 'delete' || rest === '') continue
    const [name = ''] = rest.split('/')
    const at = folder === '' ? name : `${folder}/${name}`
    // They come newest first.
    if (there.has(at) || found.has(at)) continue
    const whole = rest === name
    found.set(at, {
      path: at,
      folder: !whole || type === 'directory',
      last: whole ? String(version - 1) : justBefore(time),
    })
  }
  return [...found.values()]
}

/** A time as the name of a version: the newest change before it. */
function justBefore(time: string): string {
  const [, head = '', nanos = ''] = /^(.*\.)(\d{9})Z$/.exec(time) ?? []
  if (nanos !== '000000000') return `${head}${String(Number(nanos) - 1).padStart(9, '0')}Z`
  return new Date(Date.parse(`${head}000Z`) - 1).toISOString().replace('Z', '999999Z')
}

/** Every folder above a path, the outermost first, without the root. */
export function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, index) => names.slice(0, index + 1).join('/'))
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
