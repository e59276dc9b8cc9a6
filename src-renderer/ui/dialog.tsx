import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { visible } from './visible.ts'
import './dialog.css'

interface DialogProps {
  readonly title: string
  /** One sentence below the title, read with it. */
  readonly description?: ReactNode
  readonly onClose: () => void
  readonly children?: ReactNode
  /** Buttons at the end: the way out first, the main one last. */
  readonly actions?: ReactNode
  readonly wide?: boolean
}

/** Over everything, until it is closed; Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, description, onClose, children, actions, wide = false }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim" />
        <Radix.Content
          className={wide ? 'dialog wide' : 'dialog'}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <header>
            <Radix.Title>{visible(title)}</Radix.Title>
            <Radix.Close asChild>
              <IconButton label="Close">
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className="dialog-about">{typeof description === 'string' ? visible(description) : description}</div>
            </Radix.Description>
          )}
          {children}
          {actions && <footer>{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
