import { FolderOpen, FolderOutput } from 'lucide-react'
import { useState } from 'react'
import { call, sentenceOf } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { chooseFolder } from '../projects/choose-folder.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted } from '../ui/count.ts'
import { Failure } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'

/** The way to the files when there is no engine: they are plain files all the same. */
export function PlainFiles() {
  const { data, error, again } = useQuery('app.plainFiles', {})
  const electron = useSettings(({ info }) => info?.host === 'electron')
  const [busy, setBusy] = useState<string | null>(null)
  const open = (project: string): void => {
    call('app.openPlainFiles', { project }).catch((failure: unknown) => say('problem', sentenceOf(failure)))
  }
  const copy = async (project: string, name: string): Promise<void> => {
    const into = await chooseFolder({ title: `Copy the files of ${name} into`, button: 'Copy here' })
    if (into === null) return
    setBusy(project)
    const done = await work(`Copying the files of ${name}`, () => call('app.copyPlainFiles', { project, into }))
    setBusy(null)
    if (!done) return
    const [first] = done.left
    const copied = `${counted(done.files, 'file')} of ${name} copied to ${done.written}.`
    if (!first) return void say('done', copied)
    const left = counted(done.left.length + done.more, 'path was', 'paths were')
    say('problem', `${copied} ${left} not: ${first.path} (${first.why})`)
  }
  return (
    <section className="plain-files" aria-label="Your files">
      <h3>Your files are there all the same</h3>
      <p className="mute">
        As plain files, as they were when the engine last put them in their place. What was saved after that is in its
        log, and comes when it runs again. Look and copy; changes belong in the mounted project.
      </p>
      {error && <Failure error={error} onAgain={again} />}
      {data?.projects.length === 0 && <p className="mute">There are no projects.</p>}
      <ul>
        {data?.projects.map(({ id, name, folder }) => (
          <li key={id}>
            <span className="clip" title={folder}>
              {visible(name)}
            </span>
            {electron && (
              <Button icon={<FolderOpen size={14} />} onClick={() => open(id)} aria-label={`Open the files of ${name}`}>
                Open
              </Button>
            )}
            <Button
              icon={<FolderOutput size={14} />}
              disabled={busy !== null}
              onClick={() => void copy(id, name)}
              aria-label={`Copy the files of ${name} to…`}
            >
              {busy === id ? 'Copying…' : 'Copy to…'}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
