import { Empty } from '../ui/notice.tsx'

export function NewProject({ folder }: { readonly folder: string | null }) {
  return <Empty title={folder ?? 'Choose a folder'} />
}
