import { useCallback, useRef, useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { Button } from '../ui/button.tsx'
import { counted } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { Progress } from '../ui/progress.tsx'
import { visible } from '../ui/visible.ts'
import { useLoaded } from '../version/use-loaded.ts'
import { planRestore, restore, type RestoreWish } from './restore.ts'
import './restore-preview.css'

type Plan = Result<'history.restore'>

interface RestorePreviewProps {
  readonly wish: RestoreWish
  /** "figures", or the project. */
  readonly name: string
  readonly onClose: () => void
}

/** What putting back a folder or a project would do, before it is done. */
export function RestorePreview({ wish, name, onClose }: RestorePreviewProps) {
  const { project, path, version } = wish
  const [exact, setExact] = useState(wish.exact ?? false)
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  const controller = useRef(new AbortController())
  const load = useCallback(() => planRestore({ project, path, version, exact }), [project, path, version, exact])
  const plan = useLoaded(load)
  const run = async (): Promise<void> => {
    setProgress({ done: 0, total: plan.state === 'ready' ? plan.value.steps : 0 })
    const { signal } = controller.current
    const done = await restore({ project, path, version, exact }, { signal, onProgress: setProgress })
    if (done || signal.aborted) onClose()
    else setProgress(null)
  }
  const cancel = (): void => {
    if (progress) controller.current.abort()
    else onClose()
  }
  const nothing = plan.state === 'ready' && plan.value.steps === 0
  return (
    <Dialog
      title={`Restore ${name}`}
      description="What is there now stays in history: this can be undone."
      onClose={cancel}
      actions={
        <>
          <Button onClick={cancel}>Cancel</Button>
          <Button
            look="main"
            disabled={plan.state !== 'ready' || nothing || progress !== null}
            onClick={() => void run()}
          >
            {nothing ? 'Nothing to restore' : 'Restore'}
          </Button>
        </>
      }
    >
      <label className="restore-exact">
        <input type="checkbox" checked={exact} disabled={progress !== null} onChange={() => setExact(!exact)} />
        Also remove what was not there then
      </label>
      {progress ? (
        <Progress label="Restoring" {...progress} />
      ) : plan.state === 'loading' ? (
        <Skeleton rows={4} />
      ) : plan.state === 'failed' ? (
        <Failure error={plan.error} />
      ) : (
        <Effects effects={plan.value.effects} />
      )}
    </Dialog>
  )
}

const kinds = [
  { kind: 'removed', title: 'is removed', titles: 'are removed', mark: '−' },
  { kind: 'overwritten', title: 'is put back as it was', titles: 'are put back as they were', mark: '~' },
  { kind: 'created', title: 'comes back', titles: 'come back', mark: '+' },
] as const

function Effects({ effects }: Pick<Plan, 'effects'>) {
  const touched = kinds.filter(({ kind }) => effects[kind].count > 0)
  if (touched.length === 0) return <p className="mute">Everything is already as it was then.</p>
  return (
    <div className="restore-effects">
      {touched.map(({ kind, title, titles, mark }) => {
        const { count, paths } = effects[kind]
        return (
          <details key={kind} open={count <= 12}>
            <summary className={kind}>
              {counted(count, 'path')} {count === 1 ? title : titles}
            </summary>
            <ul>
              {paths.slice(0, 200).map((path) => (
                <li key={path}>
                  <span aria-hidden="true">{mark}</span> {visible(path)}
                </li>
              ))}
              {count > 200 && <li className="mute">and {counted(count - 200, 'further path')}</li>}
            </ul>
          </details>
        )
      })}
    </div>
  )
}
