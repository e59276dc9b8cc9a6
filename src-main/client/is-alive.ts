import { readdirSync, readFileSync } from 'node:fs'

/**
 * Whether a process runs, with any of its threads. One that has ended counts as gone also while whoever started it has
 * not asked how: the engine outlives its starter, and the first process of a container may be a while about it.
 */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // proc(5): the name stands in parentheses and may hold some itself; the state comes after it.
    const ended = /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
    return !ended || readdirSync(`/proc/${pid}/task`).length > 1
  } catch {
    return false
  }
}
