import { FolderInput } from 'lucide-react'
import { type DragEvent, type ReactNode, useEffect, useState } from 'react'
import { pathOfDropped } from '../bridge/call.ts'
import { go } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import './drop-target.css'

/** The whole window takes a folder. */
export function DropTarget({ children }: { readonly children: ReactNode }) {
  const [over, setOver] = useState(false)
  useEffect(() => {
    if (!over) return
    // The pointer tells of itself again only once the drag is over, however it ended.
    const end = (): void => setOver(false)
    addEventListener('mousemove', end)
    return () => removeEventListener('mousemove', end)
  }, [over])
  const onDrop = (event: DragEvent): void => {
    setOver(false)
    if (!holdsFiles(event)) return
    event.preventDefault()
    take([...event.dataTransfer.files])
  }
  return (
    <div
      className="drop-target"
      onDragEnter={(event) => {
        if (!holdsFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={({ currentTarget, relatedTarget }) => {
        // Leaving one element for another within is no leaving.
        if (!currentTarget.contains(relatedTarget as Node | null)) setOver(false)
      }}
      onDragOver={(event) => holdsFiles(event) && event.preventDefault()}
      onDrop={onDrop}
    >
      {children}
      {over && (
        <div className="drop-overlay" aria-hidden="true">
          <div>
            <FolderInput size={40} strokeWidth={1.5} />
            <strong>Drop the folder</strong>
            <span>It becomes a project. First you see what goes in; nothing happens before you say so.</span>
          </div>
        </div>
      )}
    </div>
  )
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files')
}

/** What cannot be taken is said on the screen of the new project, which looks at it. */
function take(files: readonly File[]): void {
  const [file] = files
  if (!file) return
  const folder = pathOfDropped(file)
  if (folder === null) {
    say('problem', 'A browser does not tell where a dropped folder lies. Choose it with the button in the sidebar.')
    return
  }
  if (files.length > 1) say('done', 'One folder at a time: the first one was taken.')
  go({ screen: 'new', folder })
}
