import type { z } from 'zod'
import { pathToText } from '../../../src-preload/path-text.ts'
import type * as view from '../../../src-preload/view-schemas.ts'
import type { MomentRow } from '../history/read-moment.ts'
import type { RecentThing } from '../history/recent.ts'
import { timestamp } from './timestamp.ts'

/** What the windows are shown, from the engine's own shapes. See present.ts. */
export function presentMoment({ from, time, programs, paths, names, ...rest }: MomentRow): z.infer<typeof view.moment> {
  const [one, ...more] = programs
  return {
    ...rest,
    from: timestamp(...from),
    time: timestamp(...time),
    programs: [...new Set(programs.map(({ name }) => name))],
    command: more.length === 0 ? (one?.command ?? null) : null,
    paths: paths.map(({ path, kind, from }) => ({
      path: pathToText(path),
      action: kind,
      from: from === null ? null : pathToText(from),
    })),
    names: [...names],
  }
}

export function presentThing({ path, time, ...rest }: RecentThing): z.infer<typeof view.recentThing> {
  return { ...rest, path: pathToText(path), time: timestamp(...time) }
}
