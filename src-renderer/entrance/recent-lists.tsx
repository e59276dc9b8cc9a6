import { useMemo, useRef, useState } from 'react'
import { call } from '../bridge/call.ts'
import type { Project } from '../state/projects.ts'
import { useProjects } from '../state/projects.ts'
import { go } from '../state/route.ts'
import { ActionMark } from '../ui/action-mark.tsx'
import { counted, number } from '../ui/count.ts'
import { moveBetweenRows } from '../ui/list-keys.ts'
import { Empty, Failure, Skeleton } from '../ui/notice.tsx'
import { pastTime, startOfDay, timeOf } from '../ui/time.ts'
import { useNow } from '../ui/use-now.ts'
import { visible } from '../ui/visible.ts'
import { openRow, saveRow } from './entrance-actions.ts'
import { type RecentRow, recentRows, rowKey, type ProjectRecent } from './recent-rows.ts'
import { Row } from './row.tsx'
import { type Answers, useEachProject } from './use-each-project.ts'

const DAY = 86_400_000
const REMOVED_DAYS = 30
const [FEW_REMOVED, FEW_CHANGED, ALL] = [5, 8, 200]

interface RecentListsProps {
  readonly projects: readonly Project[]
  /** The keys go back to the field. */
  readonly onLeave: () => void
}

/** What went lately and is still gone, and what changed today, over all projects. */
export function RecentLists({ projects, onLeave }: RecentListsProps) {
  const grown = useProjects((store) => store.grown)
  const names = projects.map(({ name }) => name)
  const today = timeOf(startOfDay(useNow(60_000)))
  const stale = JSON.stringify(grown)
  const [every, setEvery] = useState(false)
  const removed = useEachProject(
    names,
    `removed ${today} ${every}`,
    (project, signal) => askRemoved(project, every, signal),
    {
      stale,
    },
  )
  const changed = useEachProject(names, `changed ${today}`, (project, signal) => askChanged(project, today, signal), {
    stale,
  })
  const [held, setHeld] = useState(false)
  const [gone, lately] = useHeld([useRows(removed), useRows(changed)] as const, held)
  const waiting = removed.pending || changed.pending
  const failure = [...removed.failures.values(), ...changed.failures.values()][0]
  if (waiting && gone.length + lately.length === 0) return <Skeleton rows={5} />
  const first = lately[0] ?? gone[0]
  return (
    <div
      onKeyDown={(event) => moveBetweenRows(event, onLeave)}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
    >
      {failure && <Failure error={failure} />}
      {gone.length > 0 && (
        <RecentList
          title="Deleted recently"
          rows={every ? gone : gone.slice(0, FEW_REMOVED)}
          link={
            gone.length > FEW_REMOVED || every
              ? { label: every ? 'Fewer' : 'All deleted', run: () => setEvery(!every) }
              : null
          }
          mainFirst
        />
      )}
      {lately.length > 0 && first && (
        <RecentList
          title="Changed today"
          rows={lately.slice(0, FEW_CHANGED)}
          link={{ label: 'History', run: () => go({ screen: 'history', project: first.project }) }}
        />
      )}
      {gone.length + lately.length === 0 && !failure && (
        <Empty title="Nothing was deleted, and nothing changed today">
          Type a name above to find any file, also one that is long gone.
        </Empty>
      )}
    </div>
  )
}

interface RecentListProps {
  readonly title: string
  readonly rows: readonly RecentRow[]
  readonly link: { readonly label: string; readonly run: () => void } | null
  /** The first row's button is the one that saves the day. */
  readonly mainFirst?: boolean
}

function RecentList({ title, rows, link, mainFirst = false }: RecentListProps) {
  const now = useNow()
  return (
    <section className="recent">
      <header>
        <h2>{title}</h2>
        {link && (
          <button type="button" onClick={link.run}>
            {link.label}
          </button>
        )}
      </header>
      <ul className="card" aria-label={title}>
        {rows.map((row, index) => (
          <Row
            key={rowKey(row)}
            mark={<ActionMark action={row.kind === 'thing' ? row.thing.action : row.action} />}
            name={nameOf(row)}
            about={aboutOf(row)}
            time={row.time}
            timeText={pastTime(row.time, now)}
            onOpen={() => openRow(row)}
            action={{
              label: labelOf(row),
              look: mainFirst && index === 0 ? 'main' : 'plain',
              run: () => void saveRow(row),
            }}
          />
        ))}
      </ul>
    </section>
  )
}

function nameOf(row: RecentRow): string {
  if (row.kind === 'moment') return `${visible(row.path)} and ${counted(row.count - 1, 'other')}`
  return visible(row.thing.path) + (row.thing.type === 'directory' ? '/' : '')
}

function aboutOf(row: RecentRow): string {
  if (row.kind === 'moment') {
    const { command, programs } = row.moment
    const who = command?.join(' ') ?? (programs.join(', ') || 'unknown program')
    return `${visible(who)} · ${visible(row.project)}`
  }
  const { action, program, files, type, versions } = row.thing
  const who = program === null ? 'unknown program' : visible(program)
  const what =
    action === 'delete'
      ? `${type === 'directory' ? `${counted(files, 'file')}, ` : ''}deleted by ${who}`
      : `${who}, ${number(versions)} ${versions === 1 ? 'version' : 'versions'} today`
  return `${what} · ${visible(row.project)}`
}

function labelOf(row: RecentRow): string {
  if (row.kind === 'moment') return row.action === 'delete' ? 'Restore all' : 'Undo all'
  if (row.thing.action !== 'delete') return row.thing.before === null ? 'Show' : 'Compare'
  return row.thing.type === 'directory' ? 'Restore folder' : 'Restore'
}

async function askRemoved(project: string, all: boolean, signal: AbortSignal): Promise<ProjectRecent> {
  const since = timeOf(all ? 0 : startOfDay(Date.now()) - REMOVED_DAYS * DAY)
  const [{ removed }, { moments }] = await Promise.all([
    call('history.recent', { project, since, limit: ALL }, { signal }),
    call('history.moments', { project, filter: { since, deleted: 'gone' }, limit: ALL }, { signal }),
  ])
  return { project, things: removed, moments }
}

async function askChanged(project: string, since: string, signal: AbortSignal): Promise<ProjectRecent> {
  const [{ changed }, { moments }] = await Promise.all([
    call('history.recent', { project, since, limit: ALL }, { signal }),
    call('history.moments', { project, filter: { since }, limit: ALL }, { signal }),
  ])
  return { project, things: changed, moments }
}

function useRows({ byProject }: Answers<ProjectRecent>): readonly RecentRow[] {
  return useMemo(() => recentRows([...byProject.values()]), [byProject])
}

/** Nothing moves under the pointer: while it is held, what was shown stays, but for what was emptied. */
function useHeld<T extends readonly (readonly RecentRow[])[]>(rows: T, held: boolean): T {
  const shown = useRef(rows)
  const grew = rows.some((list, index) => list.length > (shown.current[index]?.length ?? 0))
  if (!held || !grew || shown.current.every((list) => list.length === 0)) shown.current = rows
  return shown.current
}
