import { useState } from 'react'
import type { AppResult, AppSettings } from '../../src-preload/app-contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { Empty, Failure, Skeleton } from '../ui/notice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { visible } from '../ui/visible.ts'
import { change, Choice } from './choice.tsx'

type Integration = AppResult<'app.integrations'>['integrations'][number]

const names = {
  links: 'ize:// links',
  autostart: 'Start at login',
  nautilus: 'History in Files (Nautilus)',
  dolphin: 'History in Dolphin',
  thunar: 'History in Thunar',
  menu: 'Entry in the menu of programs',
} as const satisfies Record<Integration['id'], string>

/** What Ize does to the desktop; each of it can be undone here. */
export function DesktopTab({ settings }: { readonly settings: AppSettings }) {
  const web = useSettings(({ info }) => info?.host === 'web')
  if (web) {
    return <Empty title="This is a browser">What Ize does to the desktop is chosen in the app on that desktop.</Empty>
  }
  return (
    <>
      <section className="panel settings-group">
        <h2>Notifications</h2>
        <Choice name="Show" about="Problems are told before they hurt: little space, nothing recorded, a failed check.">
          <Segmented
            label="Notifications"
            value={settings.notifications}
            options={[
              { value: 'all', label: 'All' },
              { value: 'problems', label: 'Problems' },
              { value: 'none', label: 'None' },
            ]}
            onChange={(notifications) => change({ notifications })}
          />
        </Choice>
      </section>
      <Integrations />
    </>
  )
}

function Integrations() {
  const { data, error, state, again } = useQuery('app.integrations', {})
  const [newer, setNewer] = useState<readonly Integration[] | null>(null)
  const [busy, setBusy] = useState<Integration['id'] | null>(null)
  const set = async (id: Integration['id'], on: boolean): Promise<void> => {
    setBusy(id)
    try {
      setNewer((await call('app.setIntegration', { id, on })).integrations)
    } catch (failure) {
      say('problem', sentenceOf(failure))
    }
    setBusy(null)
  }
  if (state === 'failed') return <Failure error={error} onAgain={again} />
  if (!data) return <Skeleton rows={4} />
  return (
    <section className="panel settings-group">
      <h2>On this desktop</h2>
      {(newer ?? data.integrations).map(({ id, state: is, detail }) => (
        <Choice key={id} name={names[id]} about={visible(detail)}>
          {is === 'unavailable' || is === 'elsewhere' ? (
            <span className="mute">{is === 'elsewhere' ? 'set up by the system' : 'not here'}</span>
          ) : (
            <Switch
              label={names[id]}
              checked={is === 'on'}
              disabled={busy === id}
              onChange={(on) => void set(id, on)}
            />
          )}
        </Choice>
      ))}
    </section>
  )
}
