import { type FormEvent, useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { splitPath, visible } from '../ui/visible.ts'
import { forget } from './forget.ts'
import { ForgetPlan } from './forget-plan.tsx'
import './forget.css'

interface ForgetDialogProps {
  readonly project: string
  /** Null: it is asked for. */
  readonly path: string | null
  /** The version that was looked at; null: none. */
  readonly version: string | null
  readonly onClose: () => void
}

/** Takes contents out of history for good: says first what goes and what stays, and asks for the name of the file. */
export function ForgetDialog({ project, path: given, version, onClose }: ForgetDialogProps) {
  const [path, setPath] = useState(given)
  const [one, setOne] = useState(version !== null)
  const [typed, setTyped] = useState('')
  const versions = one && version !== null ? { versions: [version] } : {}
  const wish = path === null ? null : { project, path, ...versions }
  const { data, state, error } = useQuery('history.forget', wish && { ...wish, dryRun: true })
  const name = path === null ? '' : splitPath(path).name
  const ready = data !== null && state === 'ready' && data.goes.length > 0
  const go = (event: FormEvent): void => {
    event.preventDefault()
    if (!wish || !ready || typed !== name) return
    onClose()
    void forget(wish)
  }
  return (
    <Dialog wide title={path === null ? 'Forget the past of a file' : `Forget versions of ${name}?`} onClose={onClose}>
      {path === null ? (
        <ChoosePath onClose={onClose} onChosen={setPath} />
      ) : (
        <form className="form" onSubmit={go}>
          {version !== null && (
            <Segmented<'one' | 'all'>
              label="What is forgotten"
              value={one ? 'one' : 'all'}
              options={[
                { value: 'one', label: 'This version' },
                { value: 'all', label: 'All past versions' },
              ]}
              onChange={(value) => setOne(value === 'one')}
            />
          )}
          {state === 'failed' && <Failure error={error} />}
          {state === 'loading' && !data && <Skeleton rows={4} />}
          {data && <ForgetPlan plan={data} />}
          {ready && (
            <Field label={`Type ${name} to go on`}>
              {(ties) => (
                <input
                  {...ties}
                  className="input"
                  autoComplete="off"
                  spellCheck={false}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                />
              )}
            </Field>
          )}
          <footer>
            <Button onClick={onClose}>{ready ? 'Keep them' : 'Close'}</Button>
            {ready && (
              <Button look="danger" type="submit" disabled={typed !== name}>
                Forget for good
              </Button>
            )}
          </footer>
        </form>
      )}
    </Dialog>
  )
}

interface ChoosePathProps {
  readonly onClose: () => void
  readonly onChosen: (path: string) => void
}

function ChoosePath({ onClose, onChosen }: ChoosePathProps) {
  const [typed, setTyped] = useState('')
  const choose = (event: FormEvent): void => {
    event.preventDefault()
    if (typed !== '') onChosen(typed)
  }
  return (
    <form className="form" onSubmit={choose}>
      <p>
        A secret that was saved by accident stays readable in history, also after it was deleted. Here its contents are
        taken out for good; first you see what would go.
      </p>
      <Field label="File" hint="Its path in the project, as it is now or was last.">
        {(ties) => (
          <input
            {...ties}
            className="input"
            placeholder="folder/file.txt"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <footer>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" disabled={visible(typed).trim() === ''}>
          Show what would go
        </Button>
      </footer>
    </form>
  )
}
