import type { SettingsTab } from '../state/route.ts'
import { Empty } from '../ui/notice.tsx'

export function SettingsScreen({ tab }: { readonly tab: SettingsTab }) {
  return <Empty title="Settings">{tab}</Empty>
}
