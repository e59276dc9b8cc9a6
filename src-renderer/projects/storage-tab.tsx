import { useState } from 'react'
import { call } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { go } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted, number, size } from '../ui/count.ts'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'
import { Retention } from './retention.tsx'

const SHOWN = 50

const parts = [
  ['working', 'The files as they are'],
  ['store', 'Contents of all versions'],
  ['pijul', 'Their changes'],
  ['index', 'The index of the history'],
  ['search', 'The index for search in past text'],
  ['log', 'What was saved last'],
] as const

/** What the project takes on the disk, and which paths take most. */
export function StorageTab({ project }: { readonly project: string }) {
  const { data, error, state, again } = useQuery('projects.size', { project, limit: SHOWN })
  const [packing, setPacking] = useState(false)
  const pack = async (): Promise<void> => {
    setPacking(true)
    const done = await work(`Packing ${project}`, (_report, signal) => call('projects.gc', { project }, { signal }))
    setPacking(false)
    if (!done) return
    const saved = done.before - done.after
    say('done', saved > 0 ? `Packed: ${size(saved)} are free again.` : 'Packed: there was nothing to gain.')
    again()
  }
  if (state === 'failed') return <Failure error={error} onAgain={again} />
  if (!data) return <Skeleton />
  const total = parts.reduce((sum, [key]) => sum + data[key], 0)
  return (
    <>
      <section className="panel">
        <div className="screen-head">
          <h2>{size(total)} on the disk</h2>
          <Button disabled={packing} onClick={() => void pack()}>
            {packing ? 'Packing…' : 'Pack now'}
          </Button>
        </div>
        <div className="share-bar" aria-hidden="true">
          {parts.map(([key]) => (
            <span key={key} className={`share ${key}`} style={{ flexGrow: data[key] }} />
          ))}
        </div>
        <dl className="facts-list">
          {parts.map(([key, label]) => (
            <div key={key}>
              <dt>
                <span className={`share-key share ${key}`} aria-hidden="true" /> {size(data[key])}
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
        <p className="mute">
          {number(data.versions)} versions, of which those that are kept would take {size(data.contents)} as plain
          files.{' '}
          {data.pruned.versions > 0 &&
            `${counted(data.pruned.versions, 'version')} of ${size(data.pruned.bytes)} were pruned. `}
          {data.forgotten.versions > 0 && `${counted(data.forgotten.versions, 'version')} were forgotten. `}
          Packing takes nothing from history: what is kept twice goes, and the rest is compressed harder.
        </p>
      </section>
      <Retention project={project} onPruned={again} />
      <section className="panel">
        <h2>What takes most</h2>
        {data.largest.length === 0 ? (
          <p className="mute">There are no versions yet.</p>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Path</th>
                <th scope="col" className="figure">
                  Versions
                </th>
                <th scope="col" className="figure">
                  All of them
                </th>
              </tr>
            </thead>
            <tbody>
              {data.largest.map(({ path, versions, bytes }) => (
                <tr key={path}>
                  <td>
                    <button
                      type="button"
                      className="link mono"
                      onClick={() => go({ screen: 'history', project, path, view: 'versions' })}
                    >
                      {visible(path)}
                    </button>
                  </td>
                  <td className="figure">{number(versions)}</td>
                  <td className="figure">{size(bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  )
}
