import { useEffect } from 'react'
import { Entrance } from './entrance/entrance.tsx'
import { HistoryScreen } from './history/history-screen.tsx'
import { NewProject } from './projects/new-project.tsx'
import { ProjectScreen } from './projects/project-screen.tsx'
import { SettingsScreen } from './settings/settings-screen.tsx'
import { DropTarget } from './shell/drop-target.tsx'
import { EngineBanner } from './shell/engine-banner.tsx'
import { useGlobalKeys } from './shell/global-keys.ts'
import { keepFocus } from './shell/kept-focus.ts'
import { Overlays } from './shell/overlays.tsx'
import { QuittingBanner } from './shell/quitting-banner.tsx'
import { Sidebar } from './shell/sidebar.tsx'
import { Toasts } from './shell/toasts.tsx'
import { useRoute, type Route } from './state/route.ts'
import './app.css'
import './projects/forms.css'

export function App() {
  const route = useRoute((store) => store.route)
  useGlobalKeys()
  useEffect(keepFocus, [])
  return (
    <DropTarget>
      <div className="window">
        <EngineBanner />
        <QuittingBanner />
        <div className="app">
          <Sidebar />
          <main tabIndex={-1}>
            <Screen route={route} />
          </main>
        </div>
        <Toasts />
        <Overlays />
      </div>
    </DropTarget>
  )
}

function Screen({ route }: { readonly route: Route }) {
  switch (route.screen) {
    case 'entrance':
      return <Entrance text={route.text ?? ''} />
    case 'new':
      return <NewProject key={route.folder} folder={route.folder ?? null} />
    case 'settings':
      return <SettingsScreen tab={route.tab} />
    case 'history':
      return <HistoryScreen key={route.project} project={route.project} place={route} />
    case 'project':
      return <ProjectScreen key={route.project} project={route.project} tab={route.tab} />
  }
}
