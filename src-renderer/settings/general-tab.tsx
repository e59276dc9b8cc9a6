import type { AppSettings } from '../../src-preload/app-contract.ts'
import { useSettings } from '../state/settings.ts'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { change, Choice } from './choice.tsx'

export function GeneralTab({ settings }: { readonly settings: AppSettings }) {
  const web = useSettings(({ info }) => info?.host === 'web')
  return (
    <section className="panel settings-group">
      <h2>General</h2>
      {!web && (
        <Choice
          name="When Ize is quit"
          about="Mounted projects can stay: the engine goes on recording without the window."
        >
          <Segmented
            label="When Ize is quit"
            value={settings.onQuit}
            options={[
              { value: 'leave-mounted', label: 'Leave projects mounted' },
              { value: 'unmount', label: 'Unmount them' },
            ]}
            onChange={(onQuit) => change({ onQuit })}
          />
        </Choice>
      )}
      <Choice name="Single letters as keys" about="Only while a list has the focus.">
        <Switch
          label="Single letters as keys"
          checked={settings.letterShortcuts}
          onChange={(letterShortcuts) => change({ letterShortcuts })}
        />
      </Choice>
    </section>
  )
}
