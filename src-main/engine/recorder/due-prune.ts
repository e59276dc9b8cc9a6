import { closeSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RecorderToMain } from '../project/worker-messages.ts'
import { check } from '../sys/errno.ts'
import { statFs } from '../sys/native.ts'

const LOOK_MS = 5000
/** So much more must be free than when there was not enough. */
const MORE_BYTES = 64 * 1024 * 1024

/**
 * A prune that is decided and noted, and whose room is not given back yet: says so, and why; where the disk was full, goes
 * on by itself once there is more room. A packing that is tried fills the disk for a while, so it is not tried on the chance.
 */
export class DuePrune {
  private told: string | null = null
  private timer: NodeJS.Timeout | null = null

  constructor(
    /** The folder of the packs. */
    private readonly folder: string,
    private readonly say: (message: RecorderToMain) => void,
    /** There may be enough room now. */
    private readonly goOn: () => void,
  ) {}

  /** A collection has ended: what it failed with, if it did, and whether a prune is due still. */
  ended(due: boolean, why: { readonly full: boolean; readonly message: string } | null): void {
    this.stop()
    if (due && why?.full) this.waitForRoom()
    const sentence = due && why ? dueSentence(why.full, why.message) : null
    if (sentence !== this.told) this.say({ type: 'pruneDue', why: sentence })
    this.told = sentence
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer)
    this.timer = null
  }

  private waitForRoom(): void {
    const before = freeBytes(this.folder)
    this.timer = setInterval(() => {
      // All that is packed anew is never more than what there is.
      const enough = Math.min(packedBytes(this.folder), before + Math.max(MORE_BYTES, before / 4))
      if (freeBytes(this.folder) < enough) return
      this.stop()
      this.goOn()
    }, LOOK_MS)
    this.timer.unref()
  }
}

/** What was pruned, and why its room is not given back. */
export function dueSentence(full: boolean, message: string): string {
  const what = 'Versions were let go of, but their room on the disk is not given back yet'
  return full
    ? `${what}: there is not enough room to pack the store. It goes on by itself once there is more.`
    : `${what}: ${message} It is tried again when the project is next opened.`
}

/** Of the disk that a folder is on. */
function freeBytes(folder: string): number {
  const facts = new Float64Array(9)
  const fd = openSync(folder, 'r')
  try {
    check(statFs(fd, facts), 'look at the disk')
  } finally {
    closeSync(fd)
  }
  const [blockBytes = 0, , , available = 0] = facts
  return blockBytes * available
}

function packedBytes(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}
