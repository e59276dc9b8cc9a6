import type { ProjectTab } from '../state/route.ts'
import { Empty } from '../ui/notice.tsx'

export function ProjectScreen({ project, tab }: { readonly project: string; readonly tab: ProjectTab }) {
  return <Empty title={project}>{tab}</Empty>
}
