import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { visible } from './visible.ts'
import './button.css'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `main`: the one that saves the day; `danger`: data would leave for good; `quiet`: without a frame. */
  readonly look?: 'main' | 'plain' | 'danger' | 'quiet'
  readonly icon?: ReactNode
}

export function Button({ look = 'plain', icon, children, className = '', ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button ${look} ${className}`} {...rest}>
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** What it does, read aloud and shown on hover. */
  readonly label: string
}

export function IconButton({ label, children, className = '', ...rest }: IconButtonProps) {
  const name = visible(label)
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={name} title={name} {...rest}>
      {children}
    </button>
  )
}
