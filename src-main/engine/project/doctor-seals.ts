import { dirname } from 'node:path'
import { mkdirSync } from 'node:fs'
import type { Channel } from '../retention/channel.ts'
import { Mmr } from '../store/mmr/mmr.ts'
import { ObjectStore } from '../store/object-store.ts'
import { Timeline } from '../store/timeline.ts'
import type { Fault } from '../store/verify/check.ts'
import { verifyHistory } from '../store/verify/verify-history.ts'
import type { Findings } from './finding.ts'
import type { ProjectLayout } from './layout.ts'

/** What follows from the changes, so that it can be made again. */
const MADE_AGAIN: readonly Fault['what'][] = ['range', 'seal', 'tree', 'head']

/**
 * Seals, their trees, the range and the head against the changes of the channel. With `fix`, what is wrong is made again
 * from the changes, with the same addresses: roots of before stay good.
 */
export async function checkSeals(
  findings: Findings,
  layout: ProjectLayout,
  channel: Channel,
  fix: boolean,
): Promise<void> {
  const before = await faultsOf(layout, channel)
  const [first] = before
  if (!first) return findings.ok('seals', 'Every change has its seal.')
  const why = before.length === 1 ? first.message : `${first.message} And ${before.length - 1} more like it.`
  if (!fix) {
    return findings.warning('seals', why, 'Nothing is lost: "ize doctor --fix" makes seals anew from the changes.')
  }
  const made = await sealAgain(layout, channel, sound(before))
  const [left] = await faultsOf(layout, channel)
  if (!left) return findings.note('seals', `${why} ${made} seals were made anew.`)
  findings.error('seals', left.message, 'Put the folder objects/ back from a backup.')
}

async function faultsOf(layout: ProjectLayout, channel: Channel): Promise<Fault[]> {
  const quiet = { progress: () => undefined, cancelled: () => false }
  const what = { project: '', since: 0, roots: [], live: () => false, objects: false }
  const { faults } = await verifyHistory({ layout, channel, ...what, ...quiet })
  return faults.filter((fault) => MADE_AGAIN.includes(fault.what))
}

/** How many seals from the first on are not to be made again. */
function sound(faults: readonly Fault[]): number {
  return Math.min(...faults.map(({ change, what }) => (what === 'head' ? Infinity : (change ?? 1) - 1)))
}

/** Returns how many were made. A crash within is made good when the project is next opened. */
async function sealAgain(layout: ProjectLayout, channel: Channel, from: number): Promise<number> {
  const store = ObjectStore.open(layout.objects, { write: true, mend: true })
  try {
    const range = Mmr.open(layout.mmr, 'append')
    // At least the newest is made again, and the head with it.
    range.truncate(Math.max(0, Math.min(from, range.leaves - 1)))
    range.close()
    mkdirSync(dirname(layout.head), { recursive: true, mode: 0o700 })
    const timeline = await Timeline.open(store, layout, channel)
    try {
      const start = timeline.sealed
      await timeline.catchUp(channel)
      await store.flush()
      return timeline.sealed - start
    } finally {
      timeline.close()
    }
  } finally {
    store.close()
  }
}
