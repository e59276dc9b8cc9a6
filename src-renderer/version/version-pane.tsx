import { Empty } from '../ui/notice.tsx'

export interface VersionPaneProps {
  readonly project: string
  /** The file or folder, as text of path-text.ts. */
  readonly path: string
  /** Version names: what is compared. Null `from`: only `to` is shown. Null `to`: now. */
  readonly from: string | null
  readonly to: string | null
}

/** One file (or folder) in time: compared, previewed, restored. */
export function VersionPane({ path }: VersionPaneProps) {
  return <Empty title={path} />
}
