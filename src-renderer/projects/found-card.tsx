import { FolderInput } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { homePath } from '../shell/home-path.ts'
import { useProject } from '../state/projects.ts'
import { useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { counted, size } from '../ui/count.ts'
import { pastTime, wholeTime } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'
import { takeIn } from './found.ts'
import { mountProject } from './project-actions.ts'

/** What programs put at the mount point while nothing was mounted there; nothing of it is in the project yet. */
export function FoundCard({ project }: { readonly project: string }) {
  const known = useProject(project)
  const home = useSettings(({ info }) => info?.home ?? null)
  const { data, again } = useQuery('projects.found', { project }, { stale: known?.mounted, keep: true })
  const [busy, setBusy] = useState(false)
  if (!known || !data || (data.found.length === 0 && !data.waiting)) return null
  const { found, waiting } = data
  const run = async (): Promise<void> => {
    setBusy(true)
    if (known.mounted || (await mountProject(known))) await takeIn(project)
    setBusy(false)
    again()
  }
  return (
    <section className="panel" aria-labelledby="found-title">
      <h2 id="found-title">Files that are not in the project</h2>
      <p>
        Programs put something where {visible(project)} is mounted, while it was not. It is kept, and nothing in the
        project is written over when it is taken in.
      </p>
      <ul>
        {found.map(({ folder, since, files, bytes, names }) => (
          <li key={folder}>
            <span className="mono">{visible(homePath(folder, home))}</span>{' '}
            <span className="mute" title={wholeTime(since)}>
              {counted(files, 'file')}, {size(bytes)} ({visible(names.join(', '))}), found {pastTime(since)}
            </span>
          </li>
        ))}
        {waiting && (
          <li>
            <span className="mono">{visible(homePath(waiting.folder, home))}</span>{' '}
            <span className="mute">
              {visible(waiting.names.join(', '))}
              {waiting.more > 0 && ` and ${counted(waiting.more, 'other')}`}
            </span>
          </li>
        )}
      </ul>
      <div className="actions">
        <Button icon={<FolderInput size={15} />} disabled={busy} onClick={() => void run()}>
          {busy ? 'Taking it in…' : known.mounted ? 'Take it in' : 'Mount and take it in'}
        </Button>
      </div>
    </section>
  )
}
