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
  listen('app.settingsChanged', take)
  void call('app.settings', {}).then(take)
  void call('app.info', {}).then((info) => useSettings.setState({ info }))
}

function take(settings: AppSettings): void {
  useSettings.setState({ settings })
  const { dataset } = document.documentElement
  dataset['theme'] = settings.theme
  dataset['density'] = settings.density
}
