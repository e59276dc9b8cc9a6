import { Mmr } from '../mmr/mmr.ts'
import { sealName } from './seal-name.ts'

/** A seal as it is shown. */
export interface SealRef {
  readonly name: string
  readonly address: string
}

export function sealRef(address: string): SealRef {
  return { name: sealName(address), address }
}

/** Runs `work`, which does not wait, on the range as it is now; null stands for one that is not there yet. Errors: E_MMR_DAMAGED. */
export function withRange<T>(file: string, work: (range: Mmr | null) => T): T {
  const range = openRange(file)
  try {
    return work(range)
  } finally {
    range?.close()
  }
}

/** The seals with these numbers (from 1); null where there is none yet. Errors: E_MMR_DAMAGED. */
export function sealsNumbered(file: string, numbers: readonly number[]): (SealRef | null)[] {
  return withRange(file, (range) =>
    numbers.map((n) => (range && n >= 1 && n <= range.leaves ? sealRef(range.leaf(n - 1)) : null)),
  )
}

function openRange(file: string): Mmr | null {
  try {
    return Mmr.open(file, 'read')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
