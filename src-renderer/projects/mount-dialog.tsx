import { type FormEvent, useState } from 'react'
import { useProject } from '../state/projects.ts'
import { useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { chooseFolder } from './choose-folder.ts'
import { mountProject } from './project-actions.ts'

interface MountDialogProps {
  readonly project: string
  readonly onClose: () => void
}

/** Asks where a project is to be mounted. */
export function MountDialog({ project, onClose }: MountDialogProps) {
  const home = useSettings(({ info }) => info?.home ?? null)
  const known = useProject(project)
  const [where, setWhere] = useState(known?.mountPoint ?? (home === null ? '' : `${home}/Ize/${project}`))
  const mount = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (known === null) return
    onClose()
    await mountProject(known, where)
  }
  const choose = async (): Promise<void> => {
    const folder = await chooseFolder({ title: `Where should ${project} be?`, button: 'Choose' })
    if (folder !== null) setWhere(folder)
  }
  return (
    <Dialog
      title={`Mount ${project}`}
      description="The folder is made if there is none; one that is there has to be empty."
      onClose={onClose}
    >
      <form className="form" onSubmit={(event) => void mount(event)}>
        <Field label="Folder">
          {(ties) => (
            <span className="input-row">
              <input {...ties} className="input" value={where} onChange={(event) => setWhere(event.target.value)} />
              <Button onClick={() => void choose()}>Choose…</Button>
            </span>
          )}
        </Field>
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={!where.startsWith('/')}>
            Mount
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
