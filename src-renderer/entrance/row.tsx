import type { KeyboardEvent, ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { wholeTime } from '../ui/time.ts'

interface RowProps {
  readonly mark: ReactNode
  readonly name: ReactNode
  readonly about: ReactNode
  /** A time of the contract, and how it is said; null: none. */
  readonly time: string | null
  readonly timeText?: string
  readonly onOpen: () => void
  readonly action?: { readonly label: string; readonly look: 'main' | 'plain'; readonly run: () => void }
}

/** Enter opens, Ctrl+Enter does what the button does. */
export function Row({ mark, name, about, time, timeText, onOpen, action }: RowProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !action) return
    event.preventDefault()
    action.run()
  }
  return (
    <li className="row">
      <button type="button" className="row-open" data-row onClick={onOpen} onKeyDown={onKeyDown}>
        {mark}
        <span className="row-text">
          <span className="clip">{name}</span>
          <small className="clip">{about}</small>
        </span>
        {time !== null && (
          <time dateTime={time} title={wholeTime(time)}>
            {timeText}
          </time>
        )}
      </button>
      {action && (
        <Button look={action.look} onClick={action.run}>
          {action.label}
        </Button>
      )}
    </li>
  )
}
