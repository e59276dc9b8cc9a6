import { RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { call, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Switch } from '../ui/switch.tsx'
import { visible } from '../ui/visible.ts'
import { fieldText, type Setting, type SettingFacts, valueText } from './setting-facts.ts'

interface SettingRowProps {
  readonly project: string
  readonly facts: SettingFacts
  readonly setting: Setting
  readonly onChanged: () => void
}

const origins = { system: 'the computer', user: 'you', central: 'all projects', project: 'this project' } as const

export function SettingRow({ project, facts, setting, onChanged }: SettingRowProps) {
  const { key, label, about, kind } = facts
  const now = fieldText(kind, setting.value)
  const [typed, setTyped] = useState<string | null>(null)
  const [error, setError] = useState<string | null>(null)
  const shown = typed ?? now
  const set = async (text: string): Promise<void> => {
    const value = valueText(kind, text)
    if (value === null) return setError('Write a number.')
    try {
      await call('config.set', { project, level: 'project', key, value })
      setTyped(null)
      setError(null)
      onChanged()
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }
  const unset = (): void => {
    call('config.unset', { project, level: 'project', key }).then(onChanged, (failure: unknown) =>
      say('problem', sentenceOf(failure)),
    )
  }
  const { origin } = setting
  return (
    <div className={kind.kind === 'list' ? 'setting wide' : 'setting'}>
      <div>
        {kind.kind === 'choice' ? (
          <p className="setting-name">{label}</p>
        ) : (
          <label htmlFor={`setting-${key}`}>{label}</label>
        )}
        <p className="field-hint" id={`setting-${key}-about`}>
          {about}
        </p>
        <p className="setting-origin">
          {origin === null ? 'default' : `set for ${origins[origin.level]}`}
          {origin !== null && (
            <span className="mono" title={`${visible(origin.file)}, line ${origin.line}`}>
              {' '}
              {visible(origin.file.slice(origin.file.lastIndexOf('/') + 1))}:{origin.line}
            </span>
          )}
          {origin?.level === 'project' && (
            <Button look="quiet" icon={<RotateCcw size={12} />} onClick={unset}>
              Back to what holds elsewhere
            </Button>
          )}
        </p>
        {error !== null && (
          <p className="field-error" role="alert" id={`setting-${key}-error`}>
            {error}
          </p>
        )}
      </div>
      <div className="setting-value">
        {kind.kind === 'choice' && (
          <Segmented label={label} value={shown} options={kind.options} onChange={(value) => void set(value)} />
        )}
        {kind.kind === 'switch' && (
          <Switch
            id={`setting-${key}`}
            label={label}
            checked={shown === 'true'}
            onChange={(on) => void set(String(on))}
          />
        )}
        {kind.kind === 'number' && (
          <span className="input-row">
            <input
              id={`setting-${key}`}
              className="input figure-input"
              inputMode="decimal"
              value={shown}
              aria-invalid={error !== null}
              aria-describedby={`setting-${key}-about setting-${key}-error`}
              onChange={(event) => setTyped(event.target.value)}
              onBlur={() => typed !== null && typed !== now && void set(typed)}
              onKeyDown={(event) => event.key === 'Enter' && void set(shown)}
            />
            <span className="suffix">{kind.suffix}</span>
          </span>
        )}
        {kind.kind === 'list' && (
          <>
            <textarea
              id={`setting-${key}`}
              className="input mono"
              aria-describedby={`setting-${key}-about setting-${key}-error`}
              spellCheck={false}
              value={shown}
              onChange={(event) => setTyped(event.target.value)}
            />
            <div className="actions">
              <Button disabled={typed === null || typed === now} onClick={() => void set(shown)}>
                Save
              </Button>
            </div>
          </>
        )}
      </div>
    </div>
  )
}
