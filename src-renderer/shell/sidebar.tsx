import { PanelLeft, Settings } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call } from '../bridge/call.ts'
import { type LiveStatus, type Project, takeStatus, useProjects } from '../state/projects.ts'
import { go, type Route, useRoute } from '../state/route.ts'
import { useSettings } from '../state/settings.ts'
import { useWorks } from '../state/works.ts'
import { IconButton } from '../ui/button.tsx'
import { moveBetweenRows } from '../ui/list-keys.ts'
import { useNow } from '../ui/use-now.ts'
import { addFolder } from './add-folder.ts'
import { BrandMark } from './brand.tsx'
import { Facts } from './facts.tsx'
import { ProjectRow } from './project-row.tsx'
import { WorkLine } from './work-line.tsx'
import './sidebar.css'

export function Sidebar() {
  const { projects, status, engine } = useProjects()
  const home = useSettings(({ info }) => info?.home ?? null)
  const works = useWorks((store) => store.works)
  const route = useRoute((store) => store.route)
  const [open, setOpen] = useState(false)
  const now = useNow()
  const chosen = useChosen(projects, route)
  const running = engine.kind === 'running'
  useUnknownStatuses(running ? projects : null, status, chosen)
  // A choice made in the drawer of a narrow window closes it.
  useEffect(() => setOpen(false), [route])
  const inView = 'project' in route ? chosen : null
  return (
    <nav
      className={open ? 'sidebar open' : 'sidebar'}
      aria-label="Projects"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open && !event.defaultPrevented) setOpen(false)
      }}
    >
      <div className="brand">
        <button type="button" className="brand-home" onClick={() => go({ screen: 'entrance' })}>
          <BrandMark />
          <span>Ize</span>
        </button>
        <IconButton label="Settings" onClick={() => go({ screen: 'settings', tab: 'general' })}>
          <Settings size={15} />
        </IconButton>
        <IconButton label="Projects" className="drawer-button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <PanelLeft size={16} />
        </IconButton>
      </div>
      <h2>Projects</h2>
      <ul className="projects" aria-label="Projects" onKeyDown={(event) => moveBetweenRows(event)}>
        {projects?.map((project) => (
          <ProjectRow
            key={project.id}
            project={project}
            status={status[project.id] ?? null}
            chosen={inView?.id === project.id}
            home={home}
            now={now}
          />
        ))}
      </ul>
      <button type="button" className="drop-hint" onClick={() => void addFolder()}>
        <span>Drop a folder here</span> <span>to remember it</span>
        <span className="heard">, or press to choose one</span>
      </button>
      <div className="sidebar-end">
        {works.length > 0 && (
          <ul className="works" aria-label="Work that goes on">
            {works.map((work) => (
              <WorkLine key={work.id} work={work} />
            ))}
          </ul>
        )}
        {chosen && running && <Facts project={chosen.name} status={status[chosen.id] ?? null} />}
      </div>
    </nav>
  )
}

/** The project that is looked at; elsewhere the one that was looked at last, or the first. */
function useChosen(projects: readonly Project[] | null, route: Route): Project | null {
  const named = 'project' in route ? route.project : null
  const [last, setLast] = useState(named)
  if (named !== null && named !== last) setLast(named)
  const find = (name: string | null): Project | undefined =>
    projects?.find((one) => one.name === name || one.id === name)
  return find(named) ?? find(last) ?? projects?.find(({ mounted }) => mounted) ?? projects?.[0] ?? null
}

/** What is mounted tells of itself only when it changes: what is not known yet is asked for once. */
function useUnknownStatuses(
  projects: readonly Project[] | null,
  status: Readonly<Record<string, LiveStatus>>,
  chosen: Project | null,
): void {
  const unknown = (projects ?? [])
    .filter((one) => (one.mounted || one.id === chosen?.id) && !status[one.id])
    .map(({ id }) => id)
    .join(' ')
  useEffect(() => {
    for (const project of unknown.split(' ').filter((id) => id !== '')) {
      // What is wrong with a project that cannot be opened stands in the list of projects.
      call('projects.status', { project }).then(takeStatus, () => undefined)
    }
  }, [unknown])
}
