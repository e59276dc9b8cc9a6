import type { Result } from '../../src-preload/contract.ts'

export type TreeEntry = Result<'history.tree'>['entries'][number]

/** What was at a path at a time. */
export type Presence =
  | { readonly kind: 'file'; readonly entry: TreeEntry }
  | { readonly kind: 'folder' }
  /** It was deleted then. */
  | { readonly kind: 'deleted'; readonly why: string }
  /** It came later. */
  | { readonly kind: 'not-yet'; readonly why: string }

/** One side of a comparison; `version` null: now. */
export interface Side {
  readonly version: string | null
  readonly presence: Presence
}

export interface RestoreChoice {
  readonly version: string
  readonly label: string
  /** Nothing, or nothing in it, would be left of what is there now. */
  readonly takesAway: boolean
}

export interface RestoreChoices {
  /** What the button of the screen does; null: there is nothing to put back. */
  readonly main: RestoreChoice | null
  readonly others: readonly RestoreChoice[]
}

/**
 * What can be put back from a comparison (`from` null: one version alone). The later side is the first choice where it is
 * a version of the past, the earlier one where the later one is now. What would remove or empty the file says so, and is
 * never the first choice; what is as it is now,
 * or was pruned, is none.
 */
export function restoreChoices(name: string, from: Side | null, to: Side, now: Presence): RestoreChoices {
  const both = from !== null && from.version !== null && to.version !== null
  const choices = [to, from].flatMap((side): RestoreChoice[] => {
    if (side === null || side.version === null || isAsNow(side.presence, now)) return []
    const { version, presence } = side
    if (presence.kind === 'not-yet' || isPruned(presence)) return []
    if (presence.kind === 'deleted') return [{ version, label: `Remove ${name}`, takesAway: true }]
    if (isEmpty(presence) && !isEmpty(now)) return [{ version, label: `Empty ${name}`, takesAway: true }]
    const which = side === from ? 'before' : 'after'
    return [{ version, label: both ? `Restore the version ${which}` : 'Restore this version', takesAway: false }]
  })
  const main = choices.find(({ takesAway }) => !takesAway) ?? null
  return {
    main: main && { ...main, label: 'Restore this version' },
    others: choices.filter((choice) => choice !== main),
  }
}

export function isPruned(presence: Presence): boolean {
  return presence.kind === 'file' && presence.entry.pruned !== null
}

function isEmpty(presence: Presence): boolean {
  return presence.kind === 'file' && presence.entry.type === 'file' && presence.entry.size === 0
}

function isAsNow(presence: Presence, now: Presence): boolean {
  if (presence.kind === 'deleted') return now.kind === 'deleted'
  return presence.kind === 'file' && now.kind === 'file' && presence.entry.version === now.entry.version
}

/** What differs between two versions beside their contents, each as one sentence. */
export function propertyChanges(from: TreeEntry, to: TreeEntry): readonly string[] {
  const changes: string[] = []
  if (from.type !== to.type) changes.push(`It was a ${typeName(from)} and became a ${typeName(to)}.`)
  if (from.mode !== null && to.mode !== null && from.mode !== to.mode) {
    changes.push(`Permissions went from ${modeText(from.mode)} to ${modeText(to.mode)}.`)
  }
  if (from.uid !== to.uid || from.gid !== to.gid) {
    if (from.uid !== null && to.uid !== null) {
      changes.push(`Its owner went from ${from.uid}:${from.gid ?? '?'} to ${to.uid}:${to.gid ?? '?'}.`)
    }
  }
  return changes
}

function typeName({ type }: TreeEntry): string {
  return type === 'symlink' ? 'link' : type === 'directory' ? 'folder' : type === 'special' ? 'special file' : 'file'
}

/** As `ls` writes it: rw-r--r-- (644). */
export function modeText(mode: number): string {
  const bits = mode & 0o777
  const letters = [...'rwxrwxrwx'].map((letter, index) => (bits & (0o400 >> index) ? letter : '-')).join('')
  return `${letters} (${(mode & 0o7777).toString(8).padStart(3, '0')})`
}

/** The version before and after one in a file's list, which has the newest first. */
export function neighbours<T extends { readonly version: number }>(
  versions: readonly T[],
  version: number | null,
): { readonly older: T | null; readonly newer: T | null } {
  const at = version === null ? -1 : versions.findIndex((one) => one.version === version)
  if (at < 0) return { older: null, newer: null }
  return { older: versions[at + 1] ?? null, newer: at === 0 ? null : (versions[at - 1] ?? null) }
}
