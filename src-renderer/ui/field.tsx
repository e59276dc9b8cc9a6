import { useId, type ReactNode } from 'react'
import { visible } from './visible.ts'
import './field.css'

interface FieldProps {
  readonly label: string
  readonly hint?: ReactNode
  /** What is wrong with it, and what to do. */
  readonly error?: string | null
  /** The input, given what ties it to its label. */
  readonly children: (ties: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode
}

/** A label, an input, and what there is to say about it. */
export function Field({ label, hint, error = null, children }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': error !== null })}
      <div id={`${id}-about`}>
        {error !== null && (
          <p className="field-error" role="alert">
            {visible(error)}
          </p>
        )}
        {hint !== undefined && <p className="field-hint">{hint}</p>}
      </div>
    </div>
  )
}
