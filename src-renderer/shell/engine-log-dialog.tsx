import { Copy } from 'lucide-react'
import { call, sentenceOf } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'
import { PlainFiles } from './plain-files.tsx'

/** What the engine wrote last, and how to come to the files without it. */
export function EngineLogDialog({ onClose }: { readonly onClose: () => void }) {
  const { state, data, error, again } = useQuery('app.engineLog', {})
  return (
    <Dialog
      wide
      title="The engine’s log"
      description={data ? visible(data.path) : undefined}
      onClose={onClose}
      actions={
        <>
          <Button icon={<Copy size={14} />} disabled={!data} onClick={() => data && copy(data.text)}>
            Copy the log
          </Button>
          <Button look="main" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {state === 'failed' && <Failure error={error} onAgain={again} />}
      {state === 'loading' && <Skeleton rows={8} />}
      {data && (
        <pre className="log-text" tabIndex={0}>
          {data.text === '' ? 'The log is empty.' : data.text.split('\n').map(visible).join('\n')}
        </pre>
      )}
      <PlainFiles />
    </Dialog>
  )
}

function copy(text: string): void {
  call('app.copyText', { text }).catch((error: unknown) => say('problem', sentenceOf(error)))
}
