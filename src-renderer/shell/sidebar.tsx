import { useProjects } from '../state/projects.ts'
import { go } from '../state/route.ts'

export function Sidebar() {
  const projects = useProjects((store) => store.projects)
  return (
    <nav aria-label="Projects">
      {projects?.map(({ id, name }) => (
        <button key={id} type="button" onClick={() => go({ screen: 'history', project: name })}>
          {name}
        </button>
      ))}
    </nav>
  )
}
