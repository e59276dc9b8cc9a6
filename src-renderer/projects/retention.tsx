import { useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { call } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted, number, size } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure } from '../ui/notice.tsx'
import { nearTime } from '../ui/time.ts'

type Pruned = Result<'history.prune'>

interface RetentionProps {
  readonly project: string
  readonly onPruned: () => void
}

/** What the retention rules would let go of; nothing goes before it was shown and agreed to. */
export function Retention({ project, onPruned }: RetentionProps) {
  const { data, state, error, again } = useQuery('history.prune', { project, dryRun: true })
  const [asked, setAsked] = useState(false)
  const prune = async (): Promise<void> => {
    setAsked(false)
    const done = await work(`Letting go of old versions of ${project}`, (report, signal) =>
      call('history.prune', { project }, { signal, onProgress: ({ done: so, total }) => report(so, total, 'steps') }),
    )
    if (!done) return
    say('done', `${counted(done.versions, 'version')} went; ${number(done.kept)} stay.`)
    again()
    onPruned()
  }
  return (
    <section className="panel">
      <div className="screen-head">
        <h2>Old versions</h2>
        {data && data.versions > 0 && <Button onClick={() => setAsked(true)}>Let go of them…</Button>}
      </div>
      {state === 'failed' && <Failure error={error} onAgain={again} />}
      {!data && state === 'loading' && <p className="mute">Looking at what the rules would let go of…</p>}
      {data && <p>{previewText(data)}</p>}
      {asked && data && (
        <Dialog
          title={`Let go of ${counted(data.versions, 'version')}?`}
          onClose={() => setAsked(false)}
          actions={
            <>
              <Button onClick={() => setAsked(false)}>Keep them</Button>
              <Button look="danger" onClick={() => void prune()}>
                Let go for good
              </Button>
            </>
          }
        >
          <p>{previewText(data)} This cannot be taken back.</p>
        </Dialog>
      )}
    </section>
  )
}

function previewText({ versions, files, bytes, disk, kept, oldest, keep }: Pruned): string {
  if (versions === 0) return `Nothing would go by the rules (${keep}): all ${counted(kept, 'version')} stay.`
  const stays = `${number(kept)} stay${oldest === null ? '' : `, the oldest of ${nearTime(oldest)}`}`
  return `By the rules (${keep}) ${counted(versions, 'version')} of ${counted(files, 'file')} would go, ${size(bytes)} as plain files, about ${size(disk)} on the disk; ${stays}.`
}
