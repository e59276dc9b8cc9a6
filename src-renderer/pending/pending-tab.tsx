import { Pause, Play } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { mountProject, pauseProject, resumeProject } from '../projects/project-actions.ts'
import { isPaused, waitingText } from '../shell/project-state.ts'
import { type LiveStatus, useProject, useProjects } from '../state/projects.ts'
import { Button } from '../ui/button.tsx'
import { counted, number, size } from '../ui/count.ts'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { Progress } from '../ui/progress.tsx'
import { clockTime, nearTime, wholeTime } from '../ui/time.ts'
import { useNow } from '../ui/use-now.ts'
import { visible } from '../ui/visible.ts'
import { ageText, recorderText, searchText } from './pending-text.ts'
import './pending.css'

const SHOWN = 200
/** While much goes on, the list is asked for no more often. */
const LIST_MS = 500

/** What is saved and not in history yet, as it goes down. */
export function PendingTab({ project }: { readonly project: string }) {
  const known = useProject(project)
  const live = useProjects(({ status }) => (known ? (status[known.id] ?? null) : null))
  const revision = useSlow(live?.revision ?? 0, LIST_MS)
  const { state, data, error, again } = useQuery('projects.pending', { project, limit: SHOWN }, { stale: revision })
  const status = newer(live, data?.status ?? null)
  if (state === 'failed' && !status) return <Failure error={error} onAgain={again} />
  if (!status) return <Skeleton />
  return (
    <>
      <Figures project={project} status={status} />
      {status.problem !== null && (
        <section className="panel problem" role="alert">
          <h2>Something is wrong</h2>
          <p>{visible(status.problem)}</p>
          {known && !known.mounted && (
            <div className="actions">
              <Button onClick={() => void mountProject(known)}>Mount again</Button>
            </div>
          )}
        </section>
      )}
      <Pressure status={status} />
      <section className="panel">
        <h2>Operations that wait</h2>
        {data && data.operations.length > 0 ? (
          <table className="table pending-table">
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Path</th>
                <th scope="col">Program</th>
                <th scope="col" className="figure">
                  Size
                </th>
                <th scope="col" className="figure">
                  When
                </th>
              </tr>
            </thead>
            <tbody>
              {data.operations.map(({ id, kind, path, program, bytes, time }) => (
                <tr key={id}>
                  <td>{kind === 'open' ? 'open for writing' : kind}</td>
                  <td className="mono">{visible(path)}</td>
                  <td>{program === null ? 'unknown' : visible(program)}</td>
                  <td className="figure">{bytes === 0 ? '' : size(bytes)}</td>
                  <td className="figure" title={wholeTime(time)}>
                    {clockTime(time)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : (
          <p className="mute">{data ? 'Everything that was saved is in history.' : 'Looking…'}</p>
        )}
        {data && data.more > 0 && <p className="mute">and {number(data.more)} more</p>}
      </section>
    </>
  )
}

function Figures({ project, status }: { readonly project: string; readonly status: LiveStatus }) {
  const now = useNow(1000)
  const paused = isPaused(status, now)
  const { pending, savedUpTo, inHistoryUpTo, rate } = status
  return (
    <section className="panel" aria-label="What waits">
      <div className="screen-head">
        <h2>
          <span role="status">{waitingText(status, paused)}</span>
        </h2>
        {paused ? (
          <Button icon={<Play size={15} />} onClick={() => void resumeProject(project)}>
            Resume
          </Button>
        ) : (
          <Button icon={<Pause size={15} />} onClick={() => void pauseProject(project)}>
            Pause history for an hour
          </Button>
        )}
      </div>
      <dl className="facts-list">
        <Line label="Saved">{savedUpTo === null ? 'nothing yet' : nearTime(savedUpTo, now)}</Line>
        <Line label="In history up to">{inHistoryUpTo === null ? 'nothing yet' : wholeTime(inHistoryUpTo)}</Line>
        <Line label="Waits">
          {counted(pending.operations, 'operation')}, {size(pending.bytes)}
          {pending.operations > 0 && `, the oldest for ${ageText(pending.age)}`}
        </Line>
        <Line label="Rate">
          {number(Math.round(rate.saved))} saved and {number(Math.round(rate.recorded))} recorded a second
        </Line>
        <Line label="Recorder">
          {recorderText(status.recorder, paused ? clockTime(status.pausedUntil ?? '') : null)}
        </Line>
        {status.search && <Line label="Search in texts">{searchText(status.search)}</Line>}
      </dl>
    </section>
  )
}

/** How full the log is: when it is full, programs that write wait for the recorder. */
function Pressure({ status: { log } }: { readonly status: LiveStatus }) {
  const part = Math.max(log.bytes / log.limitBytes, log.operations / log.limitOperations)
  return (
    <section className="panel">
      <h2>Room in the log</h2>
      <Progress label="How full the log is" done={part} total={1} />
      <p className="mute">
        {size(log.bytes)} of {size(log.limitBytes)}, {number(log.operations)} of {number(log.limitOperations)}{' '}
        operations.{' '}
        {log.parked > 0
          ? `${counted(log.parked, 'write waits', 'writes wait')} until the recorder has made room; nothing is lost.`
          : 'When it is full, programs that write wait for the recorder; nothing is lost.'}
      </p>
    </section>
  )
}

function Line({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function newer(a: LiveStatus | null, b: LiveStatus | null): LiveStatus | null {
  return a && b ? (a.revision >= b.revision ? a : b) : (a ?? b)
}

/** The value, changed at most once in so many milliseconds; one that goes on changing does not put it off. */
function useSlow(value: number, ms: number): number {
  const [slow, setSlow] = useState(value)
  const newest = useRef(value)
  newest.current = value
  const waits = slow !== value
  useEffect(() => {
    if (!waits) return
    const timer = setTimeout(() => setSlow(newest.current), ms)
    return () => clearTimeout(timer)
  }, [waits, ms])
  return slow
}
