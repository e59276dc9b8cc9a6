import type { ButtonHTMLAttributes, MouseEvent, ReactNode } from 'react'
import { visible } from './visible.ts'
import './button.css'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: the one that saves the day; `danger`: data would leave for good; `quiet`: without a frame. */
  readonly look?: 'main' | 'plain' | 'danger' | 'quiet'
  readonly icon?: ReactNode
}

export function Button({ look = 'plain', icon, children, className = '', disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button ${look} ${className}`} {...rest} {...whileDisabled(disabled)}>
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** What it does, read aloud and shown on hover. */
  readonly label: string
}

export function IconButton({ label, children, className = '', disabled, ...rest }: IconButtonProps) {
  const name = visible(label)
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={name}
      title={name}
      {...rest}
      {...whileDisabled(disabled)}
    >
      {children}
    </button>
  )
}

/** What cannot be used for a while is read as such and does nothing, but keeps the focus: `disabled` would drop it. */
function whileDisabled(disabled: boolean | undefined): Pick<ButtonProps, 'aria-disabled' | 'onClick'> {
  return disabled ? { 'aria-disabled': true, onClick: refuse } : {}
}

function refuse(event: MouseEvent): void {
  // That of a form would send it.
  event.preventDefault()
  event.stopPropagation()
}
