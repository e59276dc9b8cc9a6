import * as Radix from '@radix-ui/react-tooltip'
import type { ReactNode } from 'react'
import './tooltip.css'

interface TooltipProps {
  readonly text: ReactNode
  /** Something that takes the focus. */
  readonly children: ReactNode
}

/** More about what is pointed at or focused; never the only place where something is said. */
export function Tooltip({ text, children }: TooltipProps) {
  return (
    <Radix.Provider delayDuration={400}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="tooltip" sideOffset={6} collisionPadding={8}>
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
