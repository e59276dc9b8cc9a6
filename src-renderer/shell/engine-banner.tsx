import { RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { EngineState } from '../../src-preload/app-contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { useProjects } from '../state/projects.ts'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/use-now.ts'
import { EngineLogDialog } from './engine-log-dialog.tsx'
import './engine-banner.css'

const SLOW_START_MS = 600

/** Says when the engine is not there, and what is done about it. */
export function EngineBanner() {
  const engine = useProjects((store) => store.engine)
  switch (engine.kind) {
    case 'running':
      return null
    case 'starting':
      return <Starting />
    case 'restarting':
      return <Restarting engine={engine} />
    case 'failed':
      return <Failed engine={engine} />
  }
}

function Starting() {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_START_MS)
    return () => clearTimeout(timer)
  }, [])
  return slow ? (
    <div className="banner" role="status">
      The engine is starting.
    </div>
  ) : null
}

function Restarting({ engine }: { readonly engine: Extract<EngineState, { kind: 'restarting' }> }) {
  const now = useNow(500)
  const seconds = Math.max(0, Math.ceil((engine.retryAt - now) / 1000))
  return (
    <div className="banner problem" role="alert">
      <span>
        {engine.message} <span aria-live="off">It is started again {seconds === 0 ? 'now' : `in ${seconds} s`}.</span>{' '}
        What was saved is safe.
      </span>
    </div>
  )
}

function Failed({ engine }: { readonly engine: Extract<EngineState, { kind: 'failed' }> }) {
  const [asked, setAsked] = useState(false)
  const [log, setLog] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const again = (): void => {
    setAsked(true)
    call('app.restartEngine', {})
      .catch((failure: unknown) => setError(sentenceOf(failure)))
      .finally(() => setAsked(false))
  }
  return (
    <div className="banner problem" role="alert">
      <span>
        <b>The engine cannot be started.</b> {error ?? engine.message}
      </span>
      <span className="banner-actions">
        <Button onClick={() => setLog(true)}>Log and plain files…</Button>
        <Button look="main" icon={<RefreshCw size={14} />} disabled={asked} onClick={again}>
          Start again
        </Button>
      </span>
      {log && <EngineLogDialog onClose={() => setLog(false)} />}
    </div>
  )
}
