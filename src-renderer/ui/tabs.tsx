import type { KeyboardEvent, ReactNode } from 'react'
import { visible } from './visible.ts'
import './tabs.css'

interface TabsProps<T extends string> {
  readonly label: string
  readonly tabs: readonly { readonly id: T; readonly label: string }[]
  readonly tab: T
  readonly onChange: (tab: T) => void
  readonly children: ReactNode
}

/** Parts of one screen; arrows go from one to the next. */
export function Tabs<T extends string>({ label, tabs, tab, onChange, children }: TabsProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0 || event.altKey) return
    event.preventDefault()
    const here = tabs.findIndex(({ id }) => id === tab)
    const next = (here + step + tabs.length) % tabs.length
    onChange(tabs[next]!.id)
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <>
      <div className="tabs" role="tablist" aria-label={visible(label)} onKeyDown={onKeyDown}>
        {tabs.map(({ id, label: text }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === tab}
            aria-controls="tab-panel"
            tabIndex={id === tab ? 0 : -1}
            onClick={() => onChange(id)}
          >
            {text}
          </button>
        ))}
      </div>
      <div className="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {children}
      </div>
    </>
  )
}
