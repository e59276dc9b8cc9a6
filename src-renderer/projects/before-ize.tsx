import { FolderOutput, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { call } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { homePath } from '../shell/home-path.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted, size } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'
import { instantOf, pastTime, wholeTime } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'
import { chooseFolder } from './choose-folder.ts'

type Before = NonNullable<Result<'projects.beforeIze'>['before']>

/** So long nothing is said of it by itself. */
const QUIET_MS = 7 * 86_400_000

interface BeforeIzeProps {
  readonly project: string
  /** Also while it is new. */
  readonly always?: boolean
}

/** The original of a project that took its place: kept until its owner moves or deletes it. */
export function BeforeIze({ project, always = false }: BeforeIzeProps) {
  const home = useSettings(({ info }) => info?.home ?? null)
  const { data, again } = useQuery('projects.beforeIze', { project })
  const [asked, setAsked] = useState(false)
  const before = data?.before
  if (!before || before.state === 'gone') return null
  if (!always && Date.now() - instantOf(before.since) < QUIET_MS) return null
  const { folder, since, state, files, bytes } = before
  const shown = visible(homePath(folder, home))
  const remove = async (): Promise<void> => {
    setAsked(false)
    const done = await work(`Deleting ${shown}`, (_report, signal) =>
      call('projects.removeBeforeIze', { project }, { signal }),
    )
    if (done) say('done', `${visible(done.removed)} was deleted. The project and its history stay.`)
    again()
  }
  const move = async (): Promise<void> => {
    const into = await chooseFolder({ title: `Move ${shown} into`, button: 'Move here' })
    if (into === null) return
    const done = await work(`Moving ${shown}`, (_report, signal) =>
      call('projects.moveBeforeIze', { project, into }, { signal }),
    )
    if (done) say('done', `Moved to ${visible(done.moved)}. It is yours; Ize leaves it alone.`)
    again()
  }
  return (
    <section className="panel" aria-labelledby="before-ize-title">
      <h2 id="before-ize-title">The folder as it was before</h2>
      <p>
        <span className="mono">{shown}</span> is kept since <span title={wholeTime(since)}>{pastTime(since)}</span>:{' '}
        {counted(files, 'file')}, {size(bytes)}.
      </p>
      <Differences {...before} />
      <div className="actions">
        <Button icon={<FolderOutput size={15} />} onClick={() => void move()}>
          Move to…
        </Button>
        {state === 'same' && (
          <Button icon={<Trash2 size={15} />} onClick={() => setAsked(true)}>
            Delete…
          </Button>
        )}
      </div>
      {asked && (
        <Dialog
          title="Delete the folder as it was before?"
          onClose={() => setAsked(false)}
          actions={
            <>
              <Button onClick={() => setAsked(false)}>Keep it</Button>
              <Button look="danger" onClick={() => void remove()}>
                Delete for good
              </Button>
            </>
          }
        >
          <p>
            <span className="mono">{shown}</span> goes from this computer for good: {counted(files, 'file')},{' '}
            {size(bytes)}. The project and its history stay as they are. It is compared once more before anything is
            deleted.
          </p>
        </Dialog>
      )}
    </section>
  )
}

function Differences({ state, changed, more }: Before) {
  if (state !== 'changed') {
    return (
      <p className="mute">
        All of it was in the project when the project took its place, and nothing in it was changed since. The project
        does not need it.
      </p>
    )
  }
  return (
    <>
      <p>
        Something in it was changed since, which the project does not know of. So it cannot be deleted from here: look
        at it, or move it away.
      </p>
      {changed.length === 0 ? (
        <p className="mute">Something was renamed or removed in it.</p>
      ) : (
        <ul>
          {changed.map((path) => (
            <li key={path} className="mono">
              {visible(path)}
            </li>
          ))}
          {more > 0 && <li className="mute">and {counted(more, 'other')}</li>}
        </ul>
      )}
    </>
  )
}
