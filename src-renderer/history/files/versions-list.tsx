import { useCallback, useMemo, useState, type RefObject } from 'react'
import { call } from '../../bridge/call.ts'
import { useQuery } from '../../bridge/use-query.ts'
import type { Moment } from '../../state/projects.ts'
import { useSettings } from '../../state/settings.ts'
import { Failure, Skeleton } from '../../ui/notice.tsx'
import { clockTime, nearTime, wholeTime } from '../../ui/time.ts'
import { visible } from '../../ui/visible.ts'
import type { Sides } from '../moments/choose.ts'
import { usePages, type LoadedPages } from '../use-pages.ts'
import { type RowShape, type RowState, VirtualList } from '../virtual-list.tsx'
import { chosenVersion, type Entry, folderRows, versionRows, type VersionRow } from './versions.ts'

const PAGE = 200

/** All versions of a file through all its names, newest first. */
export function useVersions(project: string, path: string | null, grown: unknown): LoadedPages<Entry> {
  return usePages<Entry, number>(
    path === null ? null : JSON.stringify([project, path]),
    async (cursor, signal) => {
      const page = cursor === null ? {} : { before: cursor }
      const found = await call('history.entries', { project, path: path!, limit: PAGE, ...page }, { signal })
      return { items: found.entries, next: found.next }
    },
    grown,
  )
}

interface VersionsListProps {
  readonly project: string
  readonly path: string
  readonly versions: LoadedPages<Entry>
  readonly moment: Moment | null
  readonly sides: Sides
  readonly grown: unknown
  readonly onChoose: (version: Entry, before: Entry | null, now: boolean, settle: boolean) => void
  readonly onEnter: () => void
  /** Where it is the list that Enter leads to. */
  readonly list: RefObject<HTMLDivElement | null> | null
}

export function VersionsList(props: VersionsListProps) {
  const { project, path, versions, moment, sides, grown, onChoose, onEnter, list } = props
  const { items, state, error, more, loadMore, again } = versions
  const compact = useSettings((store) => store.settings?.density) === 'compact'
  const tags = useQuery('tags.list', { project }, { stale: grown, keep: true }).data?.tags
  // A folder's list also tells of what is in it; its own versions are those of its path.
  const isFolder = items.some((entry) => entry.type === 'directory' && entry.path === path)
  const rows = useMemo(() => (isFolder ? folderRows(items) : versionRows(items, tags ?? [])), [items, isFolder, tags])
  const [activeAt, setActive] = useState<number | null>(null)
  const chosen = useMemo(() => chosenVersion(rows, sides, moment), [rows, sides, moment])
  const active = activeAt !== null && activeAt < rows.length ? activeAt : chosen
  const shape = useCallback(
    (index: number): RowShape => {
      const { change, version, path } = rows[index]!.entry
      return { key: `${change}:${version}:${path}`, height: compact ? 25 : 29 }
    },
    [rows, compact],
  )
  const rowState = (index: number): RowState => ({
    selected: index === chosen,
    position: index + 1,
    size: more ? -1 : rows.length,
  })
  if (rows.length === 0) {
    if (state === 'failed' && error) return <Failure error={error} onAgain={again} />
    return state === 'loading' ? <Skeleton rows={3} /> : null
  }
  const choose = (index: number, settle: boolean): void => {
    const { entry, now } = rows[index]!
    setActive(index)
    onChoose(entry, rows[index + 1]?.entry ?? null, now, settle)
  }
  return (
    <VirtualList
      label={`Versions of ${visible(path)}`}
      roles="listbox"
      {...(list ? { element: list } : {})}
      className="versions-list"
      count={rows.length}
      shape={shape}
      state={rowState}
      active={active}
      onActive={(index, by) => (by === 'key' ? choose(index, true) : setActive(index))}
      onChoose={(index, by) => {
        choose(index, false)
        if (by === 'key') onEnter()
      }}
      onEnd={state === 'ready' ? loadMore : undefined}
      render={(index) => <Version row={rows[index]!} below={isFolder ? path : null} chosen={index === chosen} />}
    />
  )
}

/** `below`: the folder whose list it stands in. */
function Version({ row, below, chosen }: { row: VersionRow; below: string | null; chosen: boolean }) {
  const { entry, now, names, was } = row
  const today = new Date().toDateString() === new Date(entry.time).toDateString()
  const gone = entry.action === 'delete'
  return (
    <div className="version-row">
      <span className="version-dot" aria-hidden="true">
        {chosen ? '●' : ''}
      </span>
      <span className="clip version-name">
        {below !== null ? (
          <>
            {now && 'now · '}
            {visible(entry.path.startsWith(`${below}/`) ? entry.path.slice(below.length + 1) : entry.path)}
            {row.more > 0 && <span className="mute"> and {row.more} more</span>}
          </>
        ) : now ? (
          <>
            now <span className="faint">{entry.version}</span>
          </>
        ) : (
          entry.version
        )}
        {gone && <span className="gone"> · deleted</span>}
        {entry.pruned !== null && (
          <span className="mute" title={`Its content was let go ${wholeTime(entry.pruned)}`}>
            {' '}
            · no longer kept
          </span>
        )}
        {was !== null && <span className="mute"> · was {visible(was.slice(was.lastIndexOf('/') + 1))}</span>}
        {names.map((name) => (
          <span key={name} className="badge">
            {visible(name)}
          </span>
        ))}
      </span>
      <time dateTime={entry.time} title={wholeTime(entry.time)}>
        {today ? clockTime(entry.time) : nearTime(entry.time)}
      </time>
    </div>
  )
}
