import type { ReactNode } from 'react'
import type { CallError } from '../bridge/call.ts'
import { Button } from './button.tsx'
import { visible } from './visible.ts'
import './notice.css'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** Where there is nothing to show: says why, and what can be done. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="notice">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

interface FailureProps {
  readonly error: CallError
  /** The remedy. */
  readonly onAgain?: () => void
  readonly label?: string
}

/** Stands where the content would. */
export function Failure({ error, onAgain, label = 'Try again' }: FailureProps) {
  return (
    <div className="notice problem" role="alert">
      <p>{visible(error.message)}</p>
      {onAgain && <Button onClick={onAgain}>{label}</Button>}
    </div>
  )
}

/** The shape of a list that comes. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  return (
    <div className="skeleton" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} style={{ width: `${88 - ((row * 23) % 40)}%` }} />
      ))}
    </div>
  )
}
