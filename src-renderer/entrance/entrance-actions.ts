import { call, sentenceOf } from '../bridge/call.ts'
import { putBackIn, restore, undo } from '../restore/restore.ts'
import type { Moment } from '../state/projects.ts'
import { go } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { counted } from '../ui/count.ts'
import { instantOf, timeOf } from '../ui/time.ts'
import type { RecentRow, Thing } from './recent-rows.ts'
import type { NameHit } from './search-rows.ts'

const HOUR = 3_600_000

/** Shows the last good version beside now. */
export function openRow(row: RecentRow): void {
  const { project } = row
  if (row.kind === 'moment') return go({ screen: 'history', project, moment: momentName(row.moment) })
  const { path, before } = row.thing
  go({ screen: 'history', project, path, ...(before === null ? {} : { from: before }) })
}

/** What its button does: puts back what is gone, takes back what was done to many, compares the rest. */
export async function saveRow(row: RecentRow): Promise<void> {
  if (row.kind === 'moment') return undoMoment(row.project, row.moment)
  if (row.thing.action === 'delete') return restoreThing(row.project, row.thing)
  openRow(row)
}

async function restoreThing(project: string, { path, before }: Thing): Promise<void> {
  if (before === null) return void say('problem', `There was nothing at ${path} before.`)
  await restore({ project, path, version: before })
}

/** Files that were changed since stay as they are; then the moment's own screen lets choose. */
async function undoMoment(project: string, moment: Moment): Promise<void> {
  const { first, last } = moment
  const done = await work('Taking back what was done', (report, signal) =>
    call(
      'history.undoMoment',
      { project, first, last },
      { signal, onProgress: ({ done: steps, total }) => report(steps, total, 'steps') },
    ),
  )
  if (!done) return
  putBackIn(project)
  if (done.kept === 0) return void say('done', done.sentence, { label: 'Undo', run: () => void undo(project) })
  const choose = { label: 'Choose', run: () => go({ screen: 'history', project, moment: momentName(moment) }) }
  say('done', `${done.sentence} ${counted(done.kept, 'file')} changed since and stayed as it is.`, choose)
}

export function momentName({ first, last }: Pick<Moment, 'first' | 'last'>): string {
  return `${first}-${last}`
}

export function openName({ project, path, present }: NameHit, at: string | null): void {
  go({
    screen: 'history',
    project,
    path,
    ...(at === null ? {} : { from: at }),
    ...(present ? {} : { view: 'versions' }),
  })
}

/** Puts what was found and is gone back as it was last. */
export async function restoreName({ project, path, type, version, time }: NameHit, at: string | null): Promise<void> {
  if (at !== null) return void (await restore({ project, path, version: at }))
  if (type !== 'directory') return void (await restore({ project, path, version: String(Math.max(1, version - 1)) }))
  try {
    // A folder goes after what was in it: as it was before that began.
    const since = timeOf(instantOf(time) - HOUR)
    const { removed } = await call('history.recent', { project, since, limit: 1000 })
    const before = removed.find((thing) => thing.path === path)?.before
    if (before !== null && before !== undefined) return void (await restore({ project, path, version: before }))
    go({ screen: 'history', project, path, view: 'versions' })
  } catch (error) {
    say('problem', sentenceOf(error))
  }
}
