import { useSettings } from '../state/settings.ts'
import { go, type SettingsTab } from '../state/route.ts'
import { Skeleton } from '../ui/notice.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { AboutTab } from './about-tab.tsx'
import { AppearanceTab } from './appearance-tab.tsx'
import { DesktopTab } from './desktop-tab.tsx'
import { GeneralTab } from './general-tab.tsx'
import '../projects/new-project.css'
import './settings.css'

const tabs = [
  { id: 'general', label: 'General' },
  { id: 'appearance', label: 'Appearance' },
  { id: 'desktop', label: 'Desktop' },
  { id: 'about', label: 'About' },
] as const satisfies readonly { id: SettingsTab; label: string }[]

export function SettingsScreen({ tab }: { readonly tab: SettingsTab }) {
  const settings = useSettings((store) => store.settings)
  return (
    <div className="project-screen">
      <h1>Settings</h1>
      <Tabs
        label="Parts of the settings"
        tabs={tabs}
        tab={tab}
        onChange={(to) => go({ screen: 'settings', tab: to }, { replace: true })}
      >
        {settings === null && tab !== 'about' ? (
          <Skeleton />
        ) : (
          <>
            {tab === 'general' && settings && <GeneralTab settings={settings} />}
            {tab === 'appearance' && settings && <AppearanceTab settings={settings} />}
            {tab === 'desktop' && settings && <DesktopTab settings={settings} />}
            {tab === 'about' && <AboutTab />}
          </>
        )}
      </Tabs>
    </div>
  )
}
