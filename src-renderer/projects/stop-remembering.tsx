import { FolderOutput } from 'lucide-react'
import { useState } from 'react'
import { call } from '../bridge/call.ts'
import { useProject } from '../state/projects.ts'
import { go } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { visible } from '../ui/visible.ts'

/** Makes a plain folder of a project; its history goes for good, so it asks for the name. */
export function StopRemembering({ project }: { readonly project: string }) {
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const known = useProject(project)
  const stop = async (): Promise<void> => {
    setAsked(false)
    const done = await work(`Making ${project} a plain folder`, (report, signal) =>
      call(
        'projects.stopRemembering',
        { project },
        { signal, onProgress: ({ files }) => report(files, null, 'files') },
      ),
    )
    if (!done) return
    say('done', `${project} is a plain folder again: ${counted(done.files, 'file')} in ${done.folder}.`)
    go({ screen: 'entrance' })
  }
  return (
    <>
      <Button icon={<FolderOutput size={15} />} onClick={() => setAsked(true)}>
        Stop remembering…
      </Button>
      {asked && (
        <Dialog
          title={`Make ${visible(project)} a plain folder again?`}
          onClose={() => setAsked(false)}
          actions={
            <>
              <Button onClick={() => setAsked(false)}>Keep remembering</Button>
              <Button look="danger" disabled={typed !== project} onClick={() => void stop()}>
                Stop remembering
              </Button>
            </>
          }
        >
          <p>
            All its files stay where they are{known?.mountPoint ? `, in ${visible(known.mountPoint)}` : ''}, as plain
            files: they are compared byte for byte before anything is removed. Then its history, every past version,
            leaves this computer for good.
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
        </Dialog>
      )}
    </>
  )
}
