import type { VersionState } from './version-state.ts'

/** Whether two states are the same in all that a restore puts back. What is not known is not compared. */
export function sameState(now: VersionState | undefined, then: VersionState): boolean {
  if (!now || now.type !== then.type) return false
  const facts = (state: VersionState): string => {
    const { object, target, special, uid, gid, mtime, xattrs } = state
    const mode = state.type === 'symlink' ? null : state.mode
    const sorted = Object.entries(xattrs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify([object, target, special, mode, uid, gid, mtime, sorted])
  }
  return facts(now) === facts(then)
}
