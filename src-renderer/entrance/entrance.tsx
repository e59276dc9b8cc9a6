import { Empty } from '../ui/notice.tsx'

/** For someone in a fright: one field over all projects, and what went lately. */
export function Entrance() {
  return <Empty title="Which file or folder?" />
}
