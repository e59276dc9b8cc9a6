import { type FormEvent, useState } from 'react'
import { call, sentenceOf } from '../bridge/call.ts'
import { go, useRoute } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

interface ProjectDialogProps {
  readonly project: string
  readonly onClose: () => void
}

export function RenameDialog({ project, onClose }: ProjectDialogProps) {
  const [name, setName] = useState(project)
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const rename = (event: FormEvent): void => {
    event.preventDefault()
    if (name === project) return onClose()
    setBusy(true)
    call('projects.rename', { project, name }).then(
      (renamed) => {
        onClose()
        follow(project, renamed.name)
        say('done', `${project} is now called ${renamed.name}.`, {
          label: 'Undo',
          run: () => void renameBack(renamed.name, project),
        })
      },
      (failure: unknown) => {
        setBusy(false)
        setError(sentenceOf(failure))
      },
    )
  }
  return (
    <Dialog
      title={`Rename ${project}`}
      description="Its history and its mount point stay as they are."
      onClose={onClose}
    >
      <form className="form" onSubmit={rename}>
        <Field label="Name" error={error}>
          {(ties) => (
            <input
              {...ties}
              className="input"
              value={name}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={busy || name === ''}>
            Rename
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

async function renameBack(name: string, before: string): Promise<void> {
  try {
    await call('projects.rename', { project: name, name: before })
    follow(name, before)
    say('done', `It is called ${before} again.`)
  } catch (error) {
    say('problem', sentenceOf(error))
  }
}

/** The screen of a project goes on under its new name. */
function follow(before: string, name: string): void {
  const { route } = useRoute.getState()
  if ('project' in route && route.project === before) go({ ...route, project: name }, { replace: true })
}
