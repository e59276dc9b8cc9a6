import { History } from 'lucide-react'
import { useProject, useProjects } from '../state/projects.ts'
import { go, type ProjectTab } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/notice.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { visible } from '../ui/visible.ts'
import { PendingTab } from '../pending/pending-tab.tsx'
import { ProjectSettingsTab } from '../settings/project-settings-tab.tsx'
import { BeforeIze } from './before-ize.tsx'
import { FoundCard } from './found-card.tsx'
import { StorageTab } from './storage-tab.tsx'
import { TrustTab } from './trust-tab.tsx'
import './new-project.css'

const tabs = [
  { id: 'pending', label: 'What waits' },
  { id: 'settings', label: 'Settings' },
  { id: 'storage', label: 'Storage' },
  { id: 'trust', label: 'Trust' },
] as const satisfies readonly { id: ProjectTab; label: string }[]

export function ProjectScreen({ project, tab }: { readonly project: string; readonly tab: ProjectTab }) {
  const known = useProject(project)
  const loaded = useProjects((store) => store.projects !== null)
  if (!known) {
    if (!loaded) return <Skeleton />
    return (
      <Empty
        title={`There is no project ${visible(project)}`}
        action={<Button onClick={() => go({ screen: 'entrance' })}>To the entrance</Button>}
      >
        It was renamed or removed.
      </Empty>
    )
  }
  return (
    <div className="project-screen">
      <header className="screen-head">
        <h1>{visible(known.name)}</h1>
        <Button icon={<History size={15} />} onClick={() => go({ screen: 'history', project })}>
          History
        </Button>
      </header>
      <FoundCard project={project} />
      {tab !== 'settings' && <BeforeIze project={project} />}
      <Tabs
        label={`Parts of ${project}`}
        tabs={tabs}
        tab={tab}
        onChange={(to) => go({ screen: 'project', project, tab: to }, { replace: true })}
      >
        <Tab project={project} tab={tab} />
      </Tabs>
    </div>
  )
}

function Tab({ project, tab }: { readonly project: string; readonly tab: ProjectTab }) {
  switch (tab) {
    case 'pending':
      return <PendingTab project={project} />
    case 'settings':
      return <ProjectSettingsTab project={project} />
    case 'storage':
      return <StorageTab project={project} />
    case 'trust':
      return <TrustTab project={project} />
  }
}
