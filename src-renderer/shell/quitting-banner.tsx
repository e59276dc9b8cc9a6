import { useEffect, useState } from 'react'
import type { AppEventPayload } from '../../src-preload/app-contract.ts'
import { call, listen, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import { counted } from '../ui/count.ts'
import { visible } from '../ui/visible.ts'

type Quitting = AppEventPayload<'app.quitting'>

/** While the app quits: what it still brings into history, and a way not to wait for it. */
export function QuittingBanner() {
  const [quitting, setQuitting] = useState<Quitting>(null)
  useEffect(() => listen('app.quitting', setQuitting), [])
  if (quitting === null) return null
  const waiting = quitting.waiting.map(
    ({ project, operations }) => `${visible(project)} (${counted(operations, 'change')})`,
  )
  const quitNow = (): void => {
    call('app.quitNow', {}).catch((error: unknown) => say('problem', sentenceOf(error)))
  }
  return (
    <div className="banner" role="status">
      <span>
        Quitting: {waiting.length === 0 ? 'unmounting' : `bringing into history what waits in ${waiting.join(', ')}`}.
      </span>
      <Button onClick={quitNow}>Quit now; it is saved, and comes into history later</Button>
    </div>
  )
}
