import { Copy, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { useProject, useProjects } from '../state/projects.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { Button } from '../ui/button.tsx'
import { counted, number, size } from '../ui/count.ts'
import { Field } from '../ui/field.tsx'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'

type Verdict = Result<'seals.verify'>

/** Whether the history is whole, and what proves it to others. */
export function TrustTab({ project }: { readonly project: string }) {
  return (
    <>
      <Verify project={project} />
      <Root project={project} />
      <Proof project={project} />
    </>
  )
}

function Verify({ project }: { readonly project: string }) {
  const [busy, setBusy] = useState(false)
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const verify = async (): Promise<void> => {
    setBusy(true)
    setVerdict(null)
    const done = await work(`Checking ${project}`, (report, signal) =>
      call(
        'seals.verify',
        { project, roots: [] },
        {
          signal,
          onProgress: ({ phase, done: so, total }) => report(so, total, phase === 'objects' ? 'bytes' : 'steps'),
        },
      ),
    )
    setBusy(false)
    setVerdict(done)
  }
  return (
    <section className="panel">
      <div className="screen-head">
        <h2>Is everything whole?</h2>
        <Button look="main" icon={<ShieldCheck size={15} />} disabled={busy} onClick={() => void verify()}>
          {busy ? 'Checking…' : 'Check now'}
        </Button>
      </div>
      <p className="mute">
        Reads the whole history and compares it with the seals that were put on it. It only reads, and you can go on
        working.
      </p>
      <div role="status">{verdict && <VerdictText verdict={verdict} />}</div>
    </section>
  )
}

function VerdictText({ verdict: { faults, more, checked } }: { readonly verdict: Verdict }) {
  if (faults.length === 0) {
    return (
      <p>
        <b>All is whole:</b> {counted(checked.seals, 'seal')}, {counted(checked.objects, 'object')},{' '}
        {size(checked.bytes)}.
      </p>
    )
  }
  return (
    <>
      <p className="field-error">
        {counted(faults.length + more, 'fault')} found. What is not named here is whole. `ize doctor` says what can be
        mended.
      </p>
      <ul>
        {faults.map(({ message }, index) => (
          <li key={index}>{visible(message)}</li>
        ))}
      </ul>
      {more > 0 && <p className="mute">and {number(more)} more</p>}
    </>
  )
}

function Root({ project }: { readonly project: string }) {
  const known = useProject(project)
  const grown = useProjects(({ grown: all }) => (known ? (all[known.id] ?? 0) : 0))
  const { data, state, error, again } = useQuery('seals.root', { project }, { stale: grown })
  return (
    <section className="panel">
      <div className="screen-head">
        <h2>The root over all seals</h2>
        <Button icon={<Copy size={15} />} disabled={!data} onClick={() => data && copy(JSON.stringify(data))}>
          Copy signed root
        </Button>
      </div>
      {state === 'failed' && <Failure error={error} onAgain={again} />}
      {state === 'loading' && !data && <Skeleton rows={2} />}
      {data && (
        <dl className="facts-list">
          <div>
            <dt>Root</dt>
            <dd className="mono">{data.root}</dd>
          </div>
          <div>
            <dt>Over</dt>
            <dd>{counted(data.leaves, 'seal')}</dd>
          </div>
          <div>
            <dt>Signed with</dt>
            <dd className="mono">{data.key}</dd>
          </div>
        </dl>
      )}
      <p className="mute">
        Kept elsewhere, it proves later that nothing of this history was changed: `ize verify --root` compares with it.
      </p>
    </section>
  )
}

function Proof({ project }: { readonly project: string }) {
  const [path, setPath] = useState('')
  const [error, setError] = useState<string | null>(null)
  const prove = async (): Promise<void> => {
    setError(null)
    try {
      const { proof } = await call('seals.prove', { project, path })
      copy(proof)
    } catch (failure) {
      setError(sentenceOf(failure))
    }
  }
  return (
    <section className="panel">
      <h2>Prove that a file was as it is</h2>
      <Field
        label="File"
        error={error}
        hint="The proof is a text that anyone can check with `ize check-proof`, without this history."
      >
        {(ties) => (
          <span className="input-row">
            <input
              {...ties}
              className="input"
              placeholder="folder/file.txt"
              spellCheck={false}
              value={path}
              onChange={(event) => setPath(event.target.value)}
            />
            <Button icon={<Copy size={15} />} disabled={path === ''} onClick={() => void prove()}>
              Copy proof
            </Button>
          </span>
        )}
      </Field>
    </section>
  )
}

function copy(text: string): void {
  call('app.copyText', { text }).then(
    () => say('done', 'Copied.'),
    (error: unknown) => say('problem', sentenceOf(error)),
  )
}
