import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { Versioning } from '../../../src-main/engine/project/ignore.ts'
import type { Failpoint } from '../../../src-main/engine/sys/failpoint.ts'
import { RecordedPlayer, type RecordedStep } from '../../support/recorded-player.ts'
import { RecordedVolume } from '../../support/recorded-volume.ts'

/** One run of many: IZE_RECORDED_RUNS and IZE_RECORDED_SEED, which fast-check prints. */
const numRuns = Number(process.env['IZE_RECORDED_RUNS'] ?? 25)
const seed = process.env['IZE_RECORDED_SEED']
const LONG = { timeout: 3_600_000 }

/** Where the recorder is ended, and how often it comes by there before. */
const crash = vi.hoisted(() => ({ place: '', left: 0 }))
class Crash extends Error {}
vi.mock('../../../src-main/engine/sys/failpoint.ts', () => ({
  reached: (place: string) => {
    if (place === crash.place && crash.left-- === 0) throw new Crash()
  },
}))

const places: readonly Failpoint[] = [
  ...(['objects-stored', 'pijul-committed', 'index-written', 'plan-written', 'step', 'step', 'plan-done'] as const),
  ...(['applied-written', 'writers-kept', 'trimming'] as const),
]
type Event =
  | { readonly do: 'record' | 'flush' | 'hear' | 'remount' | 'restart' }
  | { readonly do: 'crash' | 'fail'; readonly place: Failpoint; readonly left: number }

const path = fc.constantFrom('a', 'a~', 'b', 'c', 'd', 'd/a', 'd/a~', 'd/b', 'c/a', 'node_modules', 'node_modules/a')
const slot = fc.nat(2)
const on = <D extends string>(...names: readonly D[]) => fc.record({ do: fc.constantFrom(...names), path })
const step: fc.Arbitrary<RecordedStep | Event> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constantFrom('open', 'append', 'close'), slot, path }) },
  { weight: 15, arbitrary: on('write', 'remove', 'save', 'backup', 'linked') },
  { weight: 10, arbitrary: on('mkdir', 'xattr', 'symlink') },
  { weight: 20, arbitrary: fc.record({ do: fc.constantFrom('rename', 'rename', 'exchange', 'link'), path, to: path }) },
  { weight: 15, arbitrary: fc.record({ do: fc.constantFrom('record', 'record', 'record', 'flush', 'hear') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart', 'remount') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('crash', 'fail'),
      place: fc.constantFrom(...places),
      left: fc.nat(3),
    }),
  },
)

/** What was wrong once. */
const found: (RecordedStep | Event)[][] = [
  // Attributes were asked for under a name that a step had just taken away: there were none.
  [
    { do: 'open', slot: 0, path: 'a' },
    { do: 'close', slot: 0, path: '' },
    { do: 'xattr', path: 'a' },
    { do: 'record' },
    { do: 'hear' },
    { do: 'backup', path: 'a' },
    { do: 'record' },
  ],
  // So was the target of a link.
  [
    { do: 'symlink', path: 'a' },
    { do: 'record' },
    { do: 'hear' },
    { do: 'rename', path: 'a', to: 'b' },
    { do: 'record' },
  ],
  // One of two names goes, the other is yet to be moved.
  [
    { do: 'mkdir', path: 'd' },
    { do: 'symlink', path: 'd/a' },
    { do: 'link', path: 'd/a', to: 'a' },
    { do: 'record' },
    { do: 'hear' },
    { do: 'rename', path: 'a', to: 'b' },
    { do: 'remove', path: 'd/a' },
    { do: 'record' },
  ],
  // Recorded without an operation, and not known to be at the next start.
  [
    { do: 'open', slot: 0, path: 'a' },
    { do: 'crash', place: 'step', left: 9 },
    { do: 'crash', place: 'pijul-committed', left: 0 },
    { do: 'crash', place: 'pijul-committed', left: 0 },
    { do: 'record' },
  ],
  // Of two names of an open file one was told of.
  [
    { do: 'open', slot: 0, path: 'a' },
    { do: 'link', path: 'a', to: 'b' },
    { do: 'flush' },
    { do: 'backup', path: 'a' },
    { do: 'write', path: 'a~' },
    { do: 'record' },
    { do: 'restart' },
  ],
  // An open file comes with a folder out of a place without history.
  [
    { do: 'mkdir', path: 'node_modules' },
    { do: 'write', path: 'node_modules/a' },
    { do: 'record' },
    { do: 'open', slot: 0, path: 'node_modules/a' },
    { do: 'append', slot: 0, path: '' },
    { do: 'rename', path: 'node_modules', to: 'd' },
    { do: 'record' },
    { do: 'rename', path: 'd/a', to: 'd/b' },
    { do: 'record' },
  ],
  // The mount goes while a batch is recorded, in which a file was open.
  [
    { do: 'open', slot: 0, path: 'a' },
    { do: 'backup', path: 'a' },
    { do: 'remount' },
    { do: 'remove', path: 'a~' },
    { do: 'record' },
  ],
  // The index fails behind the commit.
  [
    { do: 'write', path: 'a' },
    { do: 'fail', place: 'pijul-committed', left: 0 },
    { do: 'rename', path: 'a', to: 'b' },
    { do: 'record' },
  ],
]

it.each(found.map((steps, i) => [i + 1, steps] as const))('what was wrong once is not again: %i', async (_, steps) =>
  playAll(steps),
)

it('what is done on a volume is seen while it is recorded, and comes into history and into Pijul', LONG, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), playAll), {
    numRuns,
    ...(seed ? { seed: Number(seed) } : {}),
  })
})

async function playAll(steps: readonly (RecordedStep | Event)[]): Promise<void> {
  const volume = await RecordedVolume.create()
  const player = new RecordedPlayer(volume.host.volume)
  const look = (): void => expect(player.difference()).toBeNull()
  volume.meanwhile = look
  try {
    for (const one of [...steps, { do: 'flush' } as const]) {
      await play(one, volume, player)
      look()
    }
    for (const [path, content] of await volume.pijul()) {
      const wanted = player.content(path)
      if (wanted !== null) expect([path, content]).toEqual([path, wanted])
    }
  } finally {
    player.closeAll()
    await volume.remove()
  }
}

async function play(step: RecordedStep | Event, volume: RecordedVolume, player: RecordedPlayer): Promise<void> {
  switch (step.do) {
    case 'hear':
      return volume.host.hear()
    case 'restart':
      await volume.restart()
      return player.moveTo(volume.host.volume)
    case 'remount':
      await volume.remount()
      return player.moveTo(volume.host.volume)
    case 'crash':
    case 'fail':
      Object.assign(crash, { place: step.place, left: step.left })
      try {
        await volume.record(false)
        volume.trim()
        volume.host.hear()
      } catch (error) {
        if (!(error instanceof Crash)) throw error
      }
      crash.place = ''
      if (step.do === 'fail') return
      await volume.restart()
      return player.moveTo(volume.host.volume)
    case 'record':
    case 'flush': {
      await volume.record(step.do === 'flush')
      expect(volume.notices).toEqual([])
      const history = volume.history()
      expect([...(await volume.pijul()).keys()]).toEqual(history)
      if (step.do === 'flush') expect(history).toEqual(player.paths().filter(versioned))
      return
    }
    default:
      return player.do(step)
  }
}

const versioning = new Versioning([], () => false)

function versioned(path: string): boolean {
  return versioning.versioned(path.replace(/\/$/, ''), path.endsWith('/'))
}
