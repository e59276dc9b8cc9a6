import * as Radix from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import './menu.css'

export type MenuItem =
  | {
      readonly kind: 'item'
      readonly label: string
      readonly icon?: ReactNode
      /** Keys that do the same, as they are shown: "Ctrl+Z". */
      readonly keys?: string
      readonly danger?: boolean
      /** One that is on or off. */
      readonly checked?: boolean
      readonly disabled?: boolean
      readonly run: () => void
    }
  | { readonly kind: 'line' }
  | { readonly kind: 'heading'; readonly label: string }

interface MenuProps {
  /** What opens it: a button. */
  readonly children: ReactNode
  readonly items: readonly MenuItem[]
  readonly align?: 'start' | 'end'
  /** Absent: the button decides. */
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
}

export function Menu({ children, items, align = 'start', open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {items.map((item, index) => {
            if (item.kind === 'line') return <Radix.Separator key={index} />
            if (item.kind === 'heading') return <Radix.Label key={index}>{item.label}</Radix.Label>
            const common = {
              className: item.danger ? 'menu-item danger' : 'menu-item',
              disabled: item.disabled ?? false,
              onSelect: item.run,
            }
            const content = (
              <>
                <span className="menu-icon">{item.checked ? <Check size={14} /> : item.icon}</span>
                {item.label}
                {item.keys && <kbd>{item.keys}</kbd>}
              </>
            )
            return item.checked === undefined ? (
              <Radix.Item key={index} {...common}>
                {content}
              </Radix.Item>
            ) : (
              <Radix.CheckboxItem key={index} {...common} checked={item.checked}>
                {content}
              </Radix.CheckboxItem>
            )
          })}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
