import { type DragEvent, type ReactNode } from 'react'
import { pathOfDropped } from '../bridge/call.ts'
import { go } from '../state/route.ts'

/** The whole window takes a folder. */
export function DropTarget({ children }: { readonly children: ReactNode }) {
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    const [file] = event.dataTransfer.files
    const folder = file && pathOfDropped(file)
    if (folder) go({ screen: 'new', folder })
  }
  return (
    <div style={{ height: '100%' }} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      {children}
    </div>
  )
}
