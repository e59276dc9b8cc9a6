import type { Moment } from '../../state/projects.ts'
import { counted } from '../../ui/count.ts'

export interface MomentWords {
  /** Who did it: "vim", "You restored". */
  readonly who: string
  /** To what: a path, "1,214 files"; null: to nothing that has a name. */
  readonly what: string | null
  /** "deleted 23 files"; null: nothing is gone. */
  readonly gone: string | null
  readonly detail: string
}

/** A moment as its row says it. Names in it are as programs gave them. */
export function wordsOf(moment: Moment): MomentWords {
  const { who, joined } = doer(moment)
  const what = whatOf(moment)
  return { who, what: what && (joined ? what : `· ${what}`), gone: goneWords(moment), detail: detailOf(moment) }
}

/** All of a row in one sentence, for those who hear it. */
export function heardWords(moment: Moment, time: string): string {
  const { who, what, gone, detail } = wordsOf(moment)
  const names = moment.names.length > 0 ? `named ${moment.names.join(', ')}` : null
  return [time, `${who} ${what?.replace(/^· /, '') ?? ''}`.trim(), gone, names, detail]
    .filter((part) => part !== null && part !== '')
    .join(', ')
}

/** Whom "Undo all that … did" speaks of. */
export function programWords(programs: readonly string[]): string {
  const [first, second, ...more] = programs
  if (first === undefined) return 'Unknown program'
  if (second === undefined) return first
  return more.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${more.length} more`
}

/** `joined`: what follows is part of the same sentence. */
function doer({ kind, programs, count }: Moment): { who: string; joined: boolean } {
  switch (kind) {
    case 'restore':
      return { who: 'You restored', joined: true }
    case 'import':
      return { who: count === 0 ? 'The project was made' : 'Taken in', joined: false }
    case 'seal':
      return { who: 'You gave it a name', joined: false }
    case 'create':
    case 'edit':
    case 'delete':
    case 'rename':
    case 'attributes':
    case 'several':
      return { who: programWords(programs), joined: false }
  }
}

function whatOf(moment: Moment): string | null {
  const { count, folders, paths } = moment
  const [only] = paths
  if (count === 0 || !only) return null
  if (count === 1 || (count <= paths.length && paths.every(({ path }) => path === only.path))) return only.path
  return (
    goneFolder(moment) ??
    (count <= paths.length ? pattern(paths.map(({ path }) => path)) : null) ??
    things(count, folders)
  )
}

/** The folder that went with all that was in it. */
export function goneFolder({ paths, count, removed }: Moment): string | null {
  if (removed !== count || count < 2) return null
  const gone = paths.map(({ path }) => path)
  const top = gone.find((path) => gone.every((other) => other === path || other.startsWith(`${path}/`)))
  return top === undefined ? null : `${top}/`
}

/** "results/*.csv" where all have a folder and an ending in common. */
export function pattern(paths: readonly string[]): string | null {
  const [first = ''] = paths
  const folder = first.slice(0, first.lastIndexOf('/') + 1)
  const ending = /\.[^./]+$/.exec(first)?.[0]
  const alike = (path: string): boolean =>
    ending !== undefined && path.startsWith(folder) && path.endsWith(ending) && !path.slice(folder.length).includes('/')
  return paths.every(alike) ? `${folder}*${ending ?? ''}` : null
}

function goneWords(moment: Moment): string | null {
  const gone = goneCount(moment)
  if (gone === 0 || moment.kind === 'restore') return null
  if (moment.count === 1) return 'deleted'
  const folders = Math.min(gone, moment.removedFolders)
  // The folder that went whole is named already.
  return goneFolder(moment) ? `deleted with ${things(gone - 1, folders - 1)}` : `deleted ${things(gone, folders)}`
}

/** Programs save by putting a new file in the place of the old one, which then is not gone. */
function goneCount({ count, removed, paths }: Moment): number {
  if (count > paths.length) return removed
  const there = new Set(paths.filter(({ action }) => action !== 'delete').map(({ path }) => path))
  return paths.filter(({ action, path }) => action === 'delete' && !there.has(path)).length
}

/** "3 files", "2 folders", "3 files and 2 folders". */
function things(count: number, folders: number): string {
  const files = count - folders
  if (folders <= 0) return counted(files, 'file')
  if (files <= 0) return counted(folders, 'folder')
  return `${counted(files, 'file')} and ${counted(folders, 'folder')}`
}

function detailOf(moment: Moment): string {
  const { kind, command, note, count, paths, first, last } = moment
  const own = kind !== 'import' && kind !== 'restore'
  const [only] = paths
  const saves = last - first + 1
  const said = [
    own && count === 1 && only ? singleWords(only, saves) : null,
    note,
    own && command ? command.join(' ') : null,
  ].filter((part) => part !== null && part !== '')
  if (said.length > 0) return said.join(' · ')
  if (count > 1) {
    const names = [...new Set(paths.map(({ path }) => nameOf(path)))]
    return `${names.slice(0, 3).join(', ')}${names.length > 3 || count > paths.length ? ', …' : ''}`
  }
  return count === 1 && own && only?.action !== 'delete' ? 'changed' : ''
}

function singleWords({ action, from }: Moment['paths'][number], saves: number): string | null {
  if (action === 'create') return 'new'
  if (action === 'rename' && from !== null) return `was ${from}`
  if (action === 'attributes') return 'properties changed'
  return saves > 1 && action === 'edit' ? `saved ${saves} times` : null
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
