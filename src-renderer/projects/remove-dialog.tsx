import { type FormEvent, useState } from 'react'
import { call } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { useProject } from '../state/projects.ts'
import { go, useRoute } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { number, size } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { visible } from '../ui/visible.ts'
import { exportProject } from './project-actions.ts'

interface RemoveDialogProps {
  readonly project: string
  readonly onClose: () => void
}

/** The one thing in a project's menu that cannot be taken back: it says what goes, and asks for the name. */
export function RemoveDialog({ project, onClose }: RemoveDialogProps) {
  const [typed, setTyped] = useState('')
  const known = useProject(project)
  const { data } = useQuery('projects.size', { project, limit: 1 })
  const remove = (event: FormEvent): void => {
    event.preventDefault()
    if (typed !== project) return
    onClose()
    void removeProject(project)
  }
  return (
    <Dialog title={`Remove ${project}?`} onClose={onClose}>
      <form className="form" onSubmit={remove}>
        <p>
          All its files and its whole history leave this computer for good
          {data ? `: ${size(data.working)} of files and ${number(data.versions)} versions of them` : ''}.
          {known?.mounted ? ' It is unmounted first.' : ''} This cannot be taken back.
        </p>
        <p>
          To keep the files as a plain folder,{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              onClose()
              void exportProject(project)
            }}
          >
            export them first
          </button>
          .
        </p>
        <Field label={`Type ${visible(project)} to go on`}>
          {(ties) => (
            <input
              {...ties}
              className="input"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <footer>
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" type="submit" disabled={typed !== project}>
            Remove for good
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

async function removeProject(project: string): Promise<void> {
  const { route } = useRoute.getState()
  const done = await work(`Removing ${project}`, async (_report, signal) => {
    const { mounted } = await call('projects.status', { project })
    if (mounted) await call('projects.unmount', { project, force: false, lazy: false })
    return call('projects.remove', { project }, { signal })
  })
  if (!done) return
  say('done', `${project} was removed.`)
  if ('project' in route && route.project === project) go({ screen: 'entrance' }, { replace: true })
}
