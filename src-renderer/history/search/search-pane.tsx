import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { call } from '../../bridge/call.ts'
import { useQuery } from '../../bridge/use-query.ts'
import { goWithin, type HistoryPlace } from '../../state/route.ts'
import { Button } from '../../ui/button.tsx'
import { counted } from '../../ui/count.ts'
import { Empty, Failure, Skeleton } from '../../ui/notice.tsx'
import { nearTime, wholeTime } from '../../ui/time.ts'
import { visible } from '../../ui/visible.ts'
import { momentName } from '../moments/choose.ts'
import { usePages } from '../use-pages.ts'
import { type RowShape, type RowState, VirtualList } from '../virtual-list.tsx'
import { marks } from './marks.ts'
import { type Hit, searchRows, type SearchRow } from './search-rows.ts'

interface SearchPaneProps {
  readonly project: string
  readonly place: HistoryPlace
  readonly text: string
  readonly grown: unknown
  readonly onEnter: () => void
  readonly list: RefObject<HTMLDivElement | null>
}

interface TextSearch {
  readonly on: boolean
  readonly behind: number
  readonly coveredFrom: string | null
}

/** What is called so, was said so, or once held the text: of this project. */
export function SearchPane({ project, place, text, grown, onEnter, list }: SearchPaneProps) {
  const { within, since, until } = place
  const below = within === undefined ? {} : { path: within }
  const found = useQuery('history.find', { project, text, ...below, limit: 30 }, { stale: grown })
  const [about, setAbout] = useState<TextSearch | null>(null)
  const times = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) }
  const hits = usePages<Hit, number>(
    JSON.stringify([project, text, within, since, until]),
    async (cursor, signal) => {
      const page = cursor === null ? {} : { before: cursor }
      const result = await call('history.search', { project, text, ...below, ...times, limit: 50, ...page }, { signal })
      setAbout({ on: result.on, behind: result.behind, coveredFrom: result.coveredFrom })
      return { items: result.hits, next: result.next }
    },
    grown,
  )
  // What was recorded just now is read first; then the search is made again.
  const waited = useRef<string | null>(null)
  const behind = about !== null && about.on && about.behind > 0
  const question = JSON.stringify([project, text, within, since, until, grown])
  const { again } = hits
  useEffect(() => {
    if (!behind || waited.current === question) return
    waited.current = question
    const controller = new AbortController()
    call('history.search', { project, text, limit: 1, wait: true }, { signal: controller.signal }).then(
      () => !controller.signal.aborted && again(),
      // The list says that the newest are not searched.
      () => undefined,
    )
    return () => controller.abort()
  }, [behind, question, project, text, again])
  const rows = useMemo(() => searchRows(found.data, hits.items), [found.data, hits.items])
  const [activeKey, setActiveKey] = useState<string | null>(null)
  const active = rows.findIndex(({ key }) => key === activeKey)
  const shape = useCallback(
    (index: number): RowShape => {
      const { key, kind } = rows[index]!
      return { key, height: kind === 'heading' ? 34 : 48, heading: kind === 'heading' }
    },
    [rows],
  )
  const rowState = (index: number): RowState => ({ selected: rows[index]!.key === activeKey })
  const choose = (index: number, settle: boolean): void => {
    const at = rows[index]
    if (!at) return
    setActiveKey(at.key)
    void open(project, at, settle)
  }
  const searching = found.state === 'loading' || hits.state === 'loading'
  const failure = found.state === 'failed' ? found.error : hits.state === 'failed' ? hits.error : null
  return (
    <div className="search-pane">
      <p className="search-about" role="status">
        {searching ? 'Searching…' : aboutWords(rows, hits.more, about)}
      </p>
      {failure && <Failure error={failure} onAgain={found.state === 'failed' ? found.again : hits.again} />}
      {rows.length === 0 && !failure && searching && <Skeleton rows={6} />}
      {rows.length === 0 && !failure && !searching && (
        <Empty
          title="Nothing found"
          action={<Button onClick={() => goWithin({ text: undefined })}>Clear the search</Button>}
        >
          No name, message or past text has “{visible(text)}” in it
          {within === undefined ? '' : ` below ${visible(within)}`}.
        </Empty>
      )}
      {rows.length > 0 && (
        <VirtualList
          label="Found"
          roles="listbox"
          element={list}
          count={rows.length}
          shape={shape}
          state={rowState}
          active={active}
          onActive={(index, by) => (by === 'key' ? choose(index, true) : setActiveKey(rows[index]!.key))}
          onChoose={(index, by) => {
            choose(index, false)
            if (by === 'key') onEnter()
          }}
          onEnd={hits.loadMore}
          render={(index) => <FoundRow row={rows[index]!} text={text} />}
        />
      )}
    </div>
  )
}

function aboutWords(rows: readonly SearchRow[], more: boolean, about: TextSearch | null): string {
  const count = rows.filter(({ kind }) => kind !== 'heading').length
  const said = [count === 0 ? '' : `${counted(count, 'result')}${more ? ' and more' : ''}`]
  if (about && !about.on) said.push('Past text is not searched: the setting history.search is off.')
  if (about && about.behind > 0) said.push(`The newest ${counted(about.behind, 'change')} cannot be searched yet.`)
  if (about?.coveredFrom) said.push(`Text older than ${nearTime(about.coveredFrom)} is not searched.`)
  return said.filter((part) => part !== '').join(' · ')
}

/** A name shows its last good version, a message its moment, a text the newest version that had it; each beside now. */
async function open(project: string, row: SearchRow, settle: boolean): Promise<void> {
  const go = (change: Parameters<typeof goWithin>[0]): void =>
    goWithin({ from: undefined, to: undefined, ...change }, { replace: settle })
  switch (row.kind) {
    case 'heading':
      return
    case 'program':
      return go({ program: row.program.name, text: undefined })
    case 'hit':
      return go({ moment: undefined, path: row.hit.to.path, from: row.hit.to.hash })
    case 'name': {
      const { path, version } = row.name
      const last = version - 1
      return go({ moment: undefined, path, ...(last >= 1 ? { from: String(last) } : { to: String(version) }) })
    }
    case 'change': {
      const { change } = row.change
      const { moments } = await call('history.moments', { project, before: change + 1, limit: 1 })
      return moments[0] && go({ moment: momentName(moments[0]), path: undefined })
    }
  }
}

function FoundRow({ row, text }: { readonly row: SearchRow; readonly text: string }) {
  switch (row.kind) {
    case 'heading':
      return <h2 className="day">{row.label}</h2>
    case 'name':
      return (
        <Line
          title={row.name.path}
          time={row.name.time}
          text={text}
          note={row.name.present ? '' : 'deleted'}
          gone={!row.name.present}
        />
      )
    case 'change':
      return (
        <Line title={row.change.note ?? ''} time={row.change.time} text={text} note={row.change.programs.join(', ')} />
      )
    case 'program':
      return (
        <Line
          title={row.program.name}
          time={row.program.time}
          text={text}
          note={counted(row.program.versions, 'version')}
        />
      )
    case 'hit': {
      const { hit } = row
      const note = `${hit.to.path} · line ${hit.line}${hit.still ? '' : ' · no longer there'}`
      return <Line title={hit.context.trim()} time={hit.to.time} text={text} note={note} mono />
    }
  }
}

interface LineProps {
  readonly title: string
  readonly time: string
  readonly text: string
  readonly note: string
  readonly gone?: boolean
  readonly mono?: boolean
}

function Line({ title, time, text, note, gone = false, mono = false }: LineProps) {
  return (
    <div className="found">
      <span className={`clip${mono ? ' mono' : ''}${gone ? ' gone-name' : ''}`} title={visible(title)}>
        {marks(title.slice(0, 300), text).map((piece, index) =>
          piece.found ? <mark key={index}>{visible(piece.text)}</mark> : <span key={index}>{visible(piece.text)}</span>,
        )}
      </span>
      <small className="clip">
        {note !== '' && `${visible(note)} · `}
        <time dateTime={time} title={wholeTime(time)}>
          {nearTime(time)}
        </time>
      </small>
    </div>
  )
}
