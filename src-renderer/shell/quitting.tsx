import { useEffect, useState } from 'react'
import type { AppEventPayload } from '../../src-preload/app-contract.ts'
import { call, listen } from '../bridge/call.ts'
import { Button } from '../ui/button.tsx'
import { counted } from '../ui/count.ts'
import { Dialog } from '../ui/dialog.tsx'

type Quitting = AppEventPayload<'app.quitting'>

/** While the app waits, before it quits, for history to follow. */
export function QuittingDialog() {
  const [quitting, setQuitting] = useState<Quitting>(null)
  useEffect(() => listen('app.quitting', setQuitting), [])
  if (!quitting) return null
  return (
    <Dialog
      title="Quitting Ize"
      description="Everything is saved. Before the projects are unmounted, what waits comes into history."
      onClose={() => setQuitting(null)}
      actions={<Button onClick={() => void call('app.quitNow', {})}>Quit now</Button>}
    >
      <ul aria-live="polite">
        {quitting.waiting.map(({ project, operations }) => (
          <li key={project}>
            {project}: {operations === 0 ? 'unmounting' : `${counted(operations, 'change')} to go`}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
