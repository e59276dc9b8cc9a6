import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { durableWrite } from '../sys/durable-write.ts'

/** A notice about a tree that fell behind begins with this. */
export const BEHIND = "Pijul's own tree lacks a change that history has"

/** Pijul refused a change, which history has all the same: its tree is not the sealed one until the next folding. */
export function isBehind(pijul: string): boolean {
  return existsSync(markOf(pijul))
}

/**
 * `.pijul/behind`, synced before the change is recorded without its edits. It goes with the repository, when a folding
 * puts one in its place that was made of the sealed tree; a mark that is there for nothing does no harm.
 */
export async function noteBehind(pijul: string): Promise<void> {
  await durableWrite(markOf(pijul), 'Pijul refused a change; the next folding makes this repository anew.\n')
}

const markOf = (pijul: string): string => join(pijul, 'behind')
