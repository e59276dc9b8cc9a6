import './switch.css'

interface SwitchProps {
  readonly id?: string
  readonly label: string
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (on: boolean) => void
}

export function Switch({ id, label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className="switch"
      aria-label={label}
      checked={checked}
      aria-disabled={disabled}
      onChange={(event) => !disabled && onChange(event.target.checked)}
    />
  )
}
