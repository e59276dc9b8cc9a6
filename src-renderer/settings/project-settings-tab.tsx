import { Pencil, Trash2 } from 'lucide-react'
import { useQuery } from '../bridge/use-query.ts'
import { BeforeIze } from '../projects/before-ize.tsx'
import { exportProject } from '../projects/project-actions.ts'
import { StopRemembering } from '../projects/stop-remembering.tsx'
import { openOverlay } from '../state/dialogs.ts'
import { Button } from '../ui/button.tsx'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { settingGroups } from './setting-facts.ts'
import { SettingRow } from './setting-row.tsx'
import './settings.css'

/** What holds for one project; each setting says where it comes from. */
export function ProjectSettingsTab({ project }: { readonly project: string }) {
  const { data, error, state, again } = useQuery('config.list', { project })
  if (state === 'failed') return <Failure error={error} onAgain={again} />
  if (!data) return <Skeleton />
  return (
    <>
      {settingGroups.map(({ title, settings }) => (
        <section key={title} className="panel settings-group">
          <h2>{title}</h2>
          {settings.map((facts) => {
            const setting = data.settings.find(({ key }) => key === facts.key)
            return setting ? (
              <SettingRow key={facts.key} project={project} facts={facts} setting={setting} onChanged={again} />
            ) : null
          })}
        </section>
      ))}
      <BeforeIze project={project} always />
      <section className="panel">
        <h2>The project itself</h2>
        <div className="actions">
          <Button icon={<Pencil size={15} />} onClick={() => openOverlay({ kind: 'rename', project })}>
            Rename…
          </Button>
          <Button onClick={() => void exportProject(project)}>Export…</Button>
          <Button onClick={() => openOverlay({ kind: 'forget', project, path: null, version: null })}>
            Forget the past of a file…
          </Button>
          <StopRemembering project={project} />
          <Button look="danger" icon={<Trash2 size={15} />} onClick={() => openOverlay({ kind: 'remove', project })}>
            Remove…
          </Button>
        </div>
      </section>
    </>
  )
}
