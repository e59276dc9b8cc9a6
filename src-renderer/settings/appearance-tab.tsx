import { Monitor, Moon, Sun } from 'lucide-react'
import type { AppSettings } from '../../src-preload/app-contract.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { change, Choice } from './choice.tsx'

export function AppearanceTab({ settings }: { readonly settings: AppSettings }) {
  const { diff } = settings
  return (
    <>
      <section className="panel settings-group">
        <h2>Window</h2>
        <Choice name="Theme">
          <Segmented
            label="Theme"
            value={settings.theme}
            options={[
              { value: 'system', label: 'As the system', icon: <Monitor size={14} /> },
              { value: 'light', label: 'Light', icon: <Sun size={14} /> },
              { value: 'dark', label: 'Dark', icon: <Moon size={14} /> },
            ]}
            onChange={(theme) => change({ theme })}
          />
        </Choice>
        <Choice name="Density">
          <Segmented
            label="Density"
            value={settings.density}
            options={[
              { value: 'comfortable', label: 'Comfortable' },
              { value: 'compact', label: 'Compact' },
            ]}
            onChange={(density) => change({ density })}
          />
        </Choice>
      </section>
      <section className="panel settings-group">
        <h2>Comparisons</h2>
        <Choice name="Layout">
          <Segmented
            label="Layout"
            value={diff.layout}
            options={[
              { value: 'side-by-side', label: 'Side by side' },
              { value: 'inline', label: 'Inline' },
            ]}
            onChange={(layout) => change({ diff: { ...diff, layout } })}
          />
        </Choice>
        <Choice name="Mark words that changed">
          <Switch
            label="Mark words that changed"
            checked={diff.words}
            onChange={(words) => change({ diff: { ...diff, words } })}
          />
        </Choice>
        <Choice name="Ignore white space">
          <Switch
            label="Ignore white space"
            checked={diff.ignoreWhiteSpace}
            onChange={(ignoreWhiteSpace) => change({ diff: { ...diff, ignoreWhiteSpace } })}
          />
        </Choice>
        <Choice name="Wrap long lines">
          <Switch
            label="Wrap long lines"
            checked={diff.wrap}
            onChange={(wrap) => change({ diff: { ...diff, wrap } })}
          />
        </Choice>
      </section>
    </>
  )
}
