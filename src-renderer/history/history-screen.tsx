import type { HistoryPlace } from '../state/route.ts'
import { VersionPane } from '../version/version-pane.tsx'
import { Empty } from '../ui/notice.tsx'

interface HistoryScreenProps {
  readonly project: string
  readonly place: HistoryPlace
}

export function HistoryScreen({ project, place }: HistoryScreenProps) {
  if (place.path === undefined) return <Empty title={project} />
  return <VersionPane project={project} path={place.path} from={place.from ?? null} to={place.to ?? null} />
}
