import { assertNever } from '../assert-never.ts'
import type { ChangeKind, Program } from './change-metadata.ts'
import { RESTORE_TITLE } from './own-programs.ts'

/** What decides where a moment ends. */
export interface MomentChange {
  readonly sequence: number
  readonly kind: ChangeKind
  /** Seconds and nanoseconds. */
  readonly time: readonly [number, number]
  /** Who made its versions, each once; null: someone unknown. */
  readonly programs: readonly (Program | null)[]
}

/** A moment as far as it goes by now. */
export interface Moment {
  readonly begin: MomentChange
  readonly last: MomentChange
}

/** A program that is at one piece of work writes every few seconds at least; a person saves again after longer thought. */
const GAP_SECONDS = 5
/** One that never rests, such as a logger, would make one moment of days, which nobody could look into or take back. */
const LONGEST_SECONDS = 600

/**
 * Whether a change belongs to the moment of the one before it: made by the same program within seconds. Imports and
 * restores go together only as one work of one process, seals never. It depends on nothing that comes later, so a
 * moment's beginning stays what it is.
 */
export function continues({ begin, last }: Moment, next: MomentChange): boolean {
  if (Math.abs(secondsBetween(last, next)) > GAP_SECONDS) return false
  if (secondsBetween(begin, next) > LONGEST_SECONDS) return false
  return sameWork(last, next) && samePrograms(last.programs, next.programs)
}

function sameWork(a: MomentChange, b: MomentChange): boolean {
  switch (b.kind) {
    case 'seal':
      return false
    case 'import':
      return a.kind === 'import'
    case 'restore': {
      // Of an unmounted project the engine itself does them, one like the other.
      const [only, ...more] = b.programs
      return a.kind === 'restore' && more.length === 0 && only?.name === RESTORE_TITLE
    }
    case 'create':
    case 'edit':
    case 'delete':
    case 'rename':
    case 'attributes':
    case 'several':
      return a.kind !== 'import' && a.kind !== 'restore' && a.kind !== 'seal'
    default:
      return assertNever(b.kind, 'kind of change')
  }
}

/** One process each: the same one. Several (a build, a script): of the same names, as each change has other processes. */
function samePrograms(a: MomentChange['programs'], b: MomentChange['programs']): boolean {
  const [one, ...more] = a
  const [other, ...others] = b
  if (one && other && more.length === 0 && others.length === 0)
    return one.pid === other.pid && one.start === other.start
  return namesOf(a) === namesOf(b)
}

function namesOf(programs: MomentChange['programs']): string {
  return JSON.stringify([...new Set(programs.map((program) => program?.name ?? ''))].sort())
}

function secondsBetween(a: MomentChange, b: MomentChange): number {
  return b.time[0] - a.time[0] + (b.time[1] - a.time[1]) / 1e9
}
