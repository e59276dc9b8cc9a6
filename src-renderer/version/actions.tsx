import { useEffect, useState } from 'react'
import { call, codeOf, sentenceOf } from '../bridge/call.ts'
import { useQuery } from '../bridge/use-query.ts'
import { chooseFolder } from '../projects/choose-folder.ts'
import { RestorePreview } from '../restore/restore-preview.tsx'
import { restore } from '../restore/restore.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import type { RestoreChoice, RestoreChoices } from './sides.ts'

interface ActionsProps {
  readonly project: string
  readonly path: string
  readonly name: string
  readonly choices: RestoreChoices
  readonly isFolder: boolean
  /** The version that is opened or copied; null: now. Undefined: there is nothing to open or copy. */
  readonly version: string | null | undefined
  readonly stale: number
}

/** What can be done with the version that is shown. The main one saves the day. */
export function Actions({ project, path, name, choices, isFolder, version, stale }: ActionsProps) {
  const [busy, setBusy] = useState<string | null>(null)
  const [preview, setPreview] = useState<string | null>(null)
  const during = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    setBusy(what)
    try {
      await work()
    } catch (error) {
      if (codeOf(error) !== 'E_CANCELLED') say('problem', sentenceOf(error))
    } finally {
      setBusy(null)
    }
  }
  const run = (choice: RestoreChoice): void => {
    if (busy !== null || preview !== null) return
    if (isFolder) setPreview(choice.version)
    else void during('Restoring…', () => restore({ project, path, version: choice.version }))
  }
  const { main } = choices
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !main) return
      if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return
      event.preventDefault()
      run(main)
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  })
  const of = { project, path, ...(version === null || version === undefined ? {} : { version }) }
  const copyOut = async (): Promise<void> => {
    const folder = await chooseFolder({ title: `Copy ${name} to`, button: 'Copy here' })
    if (folder === null) return
    const { written } = await call('history.copyOut', { ...of, folder })
    say('done', `Copied to ${written}.`)
  }
  return (
    <footer className="version-actions">
      {main && !isFolder && <Holders project={project} path={path} stale={stale} />}
      <div className="version-buttons">
        {choices.others.map((choice) => (
          <Button
            key={choice.label}
            look={choice.takesAway ? 'danger' : 'plain'}
            disabled={busy !== null}
            onClick={() => run(choice)}
          >
            {choice.label}
          </Button>
        ))}
        {version !== undefined && (
          <Button disabled={busy !== null} onClick={() => void during('Copying…', copyOut)}>
            Copy to…
          </Button>
        )}
        {version !== undefined && !isFolder && (
          <Button disabled={busy !== null} onClick={() => void during('Opening…', () => call('app.openVersion', of))}>
            Open
          </Button>
        )}
        {main && (
          <Button
            look="main"
            disabled={busy !== null}
            onClick={() => run(main)}
            title="Ctrl+Enter"
            aria-keyshortcuts="Control+Enter"
          >
            {busy ?? main.label}
          </Button>
        )}
      </div>
      {preview !== null && (
        <RestorePreview wish={{ project, path, version: preview }} name={name} onClose={() => setPreview(null)} />
      )}
    </footer>
  )
}

/** Who could overwrite what is put back. */
function Holders({ project, path, stale }: Pick<ActionsProps, 'project' | 'path' | 'stale'>) {
  const holders = useQuery('history.holders', { project, path }, { stale }).data?.holders ?? []
  if (holders.length === 0) return null
  const names = [...new Set(holders.map(({ program }) => program))].join(', ')
  return (
    <p className="version-holders" role="status">
      {names} {holders.length === 1 ? 'has' : 'have'} this file open: what is not saved there could overwrite what you
      restore.
    </p>
  )
}
