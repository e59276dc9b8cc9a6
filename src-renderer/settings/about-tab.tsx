import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { BrandMark } from '../shell/brand.tsx'
import { EngineLogDialog } from '../shell/engine-log-dialog.tsx'
import { useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { size } from '../ui/count.ts'
import { visible } from '../ui/visible.ts'
import { Licences } from './licences.tsx'

export function AboutTab() {
  const info = useSettings((store) => store.info)
  const { data: engine } = useQuery('engine.info', {})
  const [log, setLog] = useState(false)
  return (
    <>
      <section className="panel">
        <h2>
          <BrandMark /> Ize {info?.version}
        </h2>
        <p>A folder that remembers everything. Lose nothing, ever; say the truth always.</p>
        <dl className="facts-list">
          {typeof info?.electron === 'string' && <Line name="Electron" value={info.electron} />}
          {engine && (
            <>
              <Line name="Engine" value={`${engine.version}, process ${engine.pid}, ${size(engine.memory)}`} />
              <Line name="All projects in" value={visible(engine.centralDirectory)} />
              <Line name="Log" value={visible(engine.log)} />
            </>
          )}
        </dl>
        <div className="actions">
          <Button icon={<ExternalLink size={15} />} onClick={() => setLog(true)}>
            Show the log
          </Button>
        </div>
        {log && <EngineLogDialog onClose={() => setLog(false)} />}
      </section>
      <Licences />
    </>
  )
}

function Line({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  )
}
