import { create } from 'zustand'
import type { AppInfo, AppSettings } from '../../src-preload/app-contract.ts'
import { call, listen } from '../bridge/call.ts'

interface SettingsStore {
  /** Null: not known yet. */
  readonly settings: AppSettings | null
  readonly info: AppInfo | null
}

export const useSettings = create<SettingsStore>(() => ({ settings: null, info: null }))

export async function changeSettings(part: Partial<AppSettings>): Promise<void> {
  take(await call('app.changeSettings', part))
}

export function followSettings(): void {
  systemDark.addEventListener('change', showTheme)
  showTheme()
  listen('app.settingsChanged', take)
  void call('app.settings', {}).then(take)
  void call('app.info', {}).then((info) => useSettings.setState({ info }))
}

const systemDark = matchMedia('(prefers-color-scheme: dark)')

function take(settings: AppSettings): void {
  useSettings.setState({ settings })
  document.documentElement.dataset['density'] = settings.density
  showTheme()
}

function showTheme(): void {
  const theme = useSettings.getState().settings?.theme ?? 'system'
  const shown = theme === 'system' ? (systemDark.matches ? 'dark' : 'light') : theme
  document.documentElement.dataset['theme'] = shown
}
