import type { ReactNode } from 'react'
import type { AppSettings } from '../../src-preload/app-contract.ts'
import { sentenceOf } from '../bridge/call.ts'
import { changeSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'

interface ChoiceProps {
  readonly name: string
  readonly about?: ReactNode
  /** What it is chosen with. */
  readonly children: ReactNode
}

export function Choice({ name, about, children }: ChoiceProps) {
  return (
    <div className="setting">
      <div>
        <p className="setting-name">{name}</p>
        {about !== undefined && <p className="field-hint">{about}</p>}
      </div>
      <div className="setting-value">{children}</div>
    </div>
  )
}

export function change(part: Partial<AppSettings>): void {
  changeSettings(part).catch((error: unknown) => say('problem', sentenceOf(error)))
}
