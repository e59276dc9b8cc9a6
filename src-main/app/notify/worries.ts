import type { View } from '../projects-view.ts'

/** What a user should hear of before it hurts. `id`: said once for as long as it lasts. */
export interface Worry {
  readonly id: string
  readonly title: string
  readonly body: string
  /** What it speaks of. */
  readonly route: string
}

export interface Space {
  readonly free: number
  readonly total: number
}

/** Nothing came into history for so long while changes wait. */
const STUCK_MS = 10 * 60_000
const LEAST_FREE = 2e9
const LEAST_SHARE = 0.05

/** All that is worrying now. `space`: of the disk that the projects are on; null: not known. */
export function worriesOf({ engine, projects, status }: View, space: Space | null): Worry[] {
  const worries: Worry[] = []
  if (engine.kind === 'failed') {
    worries.push({ id: 'engine', title: 'Ize does not record', body: engine.message, route: '/' })
  }
  for (const { id, name, problem } of projects) {
    const address = `/p/${encodeURIComponent(name)}/pending`
    if (problem !== null) worries.push({ id: `problem ${id} ${problem}`, title: name, body: problem, route: address })
    const live = status.get(id)
    if (live && live.pausedUntil === null && live.pending.operations > 0 && live.pending.age >= STUCK_MS) {
      worries.push({
        id: `stuck ${id}`,
        title: `${name}: history does not follow`,
        body: `Everything is saved, but ${live.pending.operations} changes have waited for ${Math.floor(live.pending.age / 60_000)} minutes.`,
        route: address,
      })
    }
  }
  if (space && (space.free < LEAST_FREE || space.free < space.total * LEAST_SHARE)) {
    const [first] = projects
    worries.push({
      id: 'space',
      title: 'The disk is nearly full',
      body: `${(space.free / 1e9).toFixed(1)} GB are left where your projects are. See what old versions take.`,
      route: first ? `/p/${encodeURIComponent(first.name)}/storage` : '/',
    })
  }
  return worries
}
