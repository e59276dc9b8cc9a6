import { Clock, FileText, Folder, History } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import { call } from '../bridge/call.ts'
import type { Result } from '../../src-preload/contract.ts'
import { go } from '../state/route.ts'
import { ActionMark } from '../ui/action-mark.tsx'
import { number } from '../ui/count.ts'
import { moveBetweenRows } from '../ui/list-keys.ts'
import { Empty, Failure, Skeleton } from '../ui/notice.tsx'
import { pastTime } from '../ui/time.ts'
import { useNow } from '../ui/use-now.ts'
import { visible } from '../ui/visible.ts'
import { momentName, openName, restoreName } from './entrance-actions.ts'
import { Row } from './row.tsx'
import type { SearchQuery } from './search-query.ts'
import { excerpt, rankNames, type TextHit } from './search-rows.ts'
import { useEachProject } from './use-each-project.ts'

const DEBOUNCE_MS = 120
const TEXT_DEBOUNCE_MS = 250
const [NAMES, CHANGES, TEXTS] = [30, 6, 12]
/** Shorter texts are in everything. */
const LEAST_TEXT = 3

interface SearchResultsProps {
  readonly projects: readonly string[]
  readonly query: SearchQuery
  readonly onLeave: () => void
}

/** Names first, those of what is gone too; then what was in files; then moments, by their notes. */
export function SearchResults({ projects, query, onLeave }: SearchResultsProps) {
  const { text, at } = query
  const now = useNow()
  const found = useEachProject(projects, text === '' ? null : text, (project, signal) => find(project, text, signal), {
    delay: DEBOUNCE_MS,
  })
  const searched = useEachProject(
    projects,
    text.length < LEAST_TEXT ? null : JSON.stringify([text, at]),
    (project, signal) => search(project, text, at, signal),
    { delay: TEXT_DEBOUNCE_MS },
  )
  const names = useMemo(
    () =>
      rankNames(
        merge(found.byProject, ({ names }) => names),
        text,
      ),
    [found, text],
  )
  const changes = merge(found.byProject, ({ changes: all }) => all).slice(0, CHANGES)
  const texts = merge(searched.byProject, ({ hits }) => hits).sort((a, b) => (a.from.time < b.from.time ? 1 : -1))
  const waiting = text !== '' && (found.pending || (text.length >= LEAST_TEXT && searched.pending))
  const failure = [...found.failures.values(), ...searched.failures.values()][0]
  const count = names.length + changes.length + texts.length
  return (
    <div onKeyDown={(event) => moveBetweenRows(event, onLeave)}>
      <p className="heard" role="status">
        {waiting ? '' : `${number(count)} found`}
      </p>
      {failure && <Failure error={failure} />}
      {at !== null && (
        <Section title={`As it was ${pastTime(at, now)}`}>
          {projects.map((project) => (
            <Row
              key={project}
              mark={<Clock size={15} className="mute" />}
              name={visible(project)}
              about="the whole project at that time"
              time={at}
              timeText={pastTime(at, now)}
              onOpen={() => go({ screen: 'history', project, at, view: 'tree' })}
            />
          ))}
        </Section>
      )}
      {names.length > 0 && (
        <Section title="Files and folders">
          {names.map((hit, index) => {
            const { project, path, type, present, time } = hit
            const restorable = !present || at !== null
            return (
              <Row
                key={`${project} ${path} ${time}`}
                mark={present ? <TypeMark type={type} /> : <ActionMark action="delete" />}
                name={visible(path) + (type === 'directory' ? '/' : '')}
                about={`${present ? '' : 'deleted · '}${visible(project)}`}
                time={time}
                timeText={pastTime(time, now)}
                onOpen={() => openName(hit, at)}
                action={{
                  label: restorable ? (type === 'directory' ? 'Restore folder' : 'Restore') : 'Versions',
                  look: restorable && index === 0 ? 'main' : 'plain',
                  run: () => void (restorable ? restoreName(hit, at) : openName(hit, at)),
                }}
              />
            )
          })}
        </Section>
      )}
      {texts.length > 0 && (
        <Section title="In their text">
          {texts.map((hit) => (
            <TextRow key={`${hit.project} ${hit.from.path} ${hit.from.version}`} hit={hit} text={text} now={now} />
          ))}
        </Section>
      )}
      {changes.length > 0 && (
        <Section title="Moments">
          {changes.map(({ project, change, note, programs, paths, count: touched, time }) => (
            <Row
              key={`${project} ${change}`}
              mark={<History size={15} className="mute" />}
              name={visible(note ?? paths[0]?.path ?? 'a moment')}
              about={`${visible(programs.join(', ') || 'unknown program')}, ${number(touched)} paths · ${visible(project)}`}
              time={time}
              timeText={pastTime(time, now)}
              onOpen={() => go({ screen: 'history', project, moment: momentName({ first: change, last: change }) })}
            />
          ))}
        </Section>
      )}
      {count === 0 && waiting && <Skeleton rows={4} />}
      {count === 0 && !waiting && at === null && !failure && <NothingFound searched={searched.byProject} />}
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="recent">
      <header>
        <h2>{title}</h2>
      </header>
      <ul className="card" aria-label={title}>
        {children}
      </ul>
    </section>
  )
}

function TextRow({ hit, text, now }: { readonly hit: TextHit; readonly text: string; readonly now: number }) {
  const { project, from, to, still, line, context } = hit
  const { before, found, after } = excerpt(context, text)
  const went = still ? 'still there' : `last there ${pastTime(to.time, now)}`
  return (
    <Row
      mark={<FileText size={15} className="mute" />}
      name={
        <>
          {visible(before)}
          <mark>{visible(found)}</mark>
          {visible(after)}
        </>
      }
      about={`${visible(to.path)}, line ${number(line)}, ${went} · ${visible(project)}`}
      time={from.time}
      timeText={pastTime(from.time, now)}
      onOpen={() => go({ screen: 'history', project, path: to.path, from: to.hash })}
    />
  )
}

function TypeMark({ type }: { readonly type: string }) {
  return type === 'directory' ? <Folder size={15} className="mute" /> : <FileText size={15} className="mute" />
}

function NothingFound({ searched }: { readonly searched: ReadonlyMap<string, Result<'history.search'>> }) {
  const off = [...searched].filter(([, { on }]) => !on).map(([project]) => visible(project))
  const behind = [...searched.values()].some(({ behind: lag }) => lag > 0)
  return (
    <Empty title="Nothing found">
      {off.length > 0 && `The text of past versions is not searched in ${off.join(', ')} (setting history.search). `}
      {behind && 'The newest changes are not searched yet; try again in a moment. '}A part of the name is enough; upper
      and lower case are the same.
    </Empty>
  )
}

function find(project: string, text: string, signal: AbortSignal) {
  return call('history.find', { project, text, limit: NAMES }, { signal })
}

function search(project: string, text: string, at: string | null, signal: AbortSignal) {
  return call('history.search', { project, text, limit: TEXTS, ...(at === null ? {} : { until: at }) }, { signal })
}

function merge<T, H extends object>(
  answers: ReadonlyMap<string, T>,
  hits: (answer: T) => readonly H[],
): (H & { readonly project: string })[] {
  return [...answers].flatMap(([project, answer]) => hits(answer).map((hit) => ({ ...hit, project })))
}
