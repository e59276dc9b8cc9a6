import { ClipboardCopy, PencilLine } from 'lucide-react'
import { useMemo, useState } from 'react'
import { call, sentenceOf } from '../bridge/call.ts'
import { openProjectFolder } from '../projects/project-actions.ts'
import { useProject } from '../state/projects.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { splitPath, visible } from '../ui/visible.ts'
import { type LinesQuestion, restoreLines } from './restore.ts'
import { type ColumnLine, columnsOf } from './three-way.ts'

interface LinesConflictProps extends LinesQuestion {
  readonly onClose: () => void
  /** The file was changed once more meanwhile: the question is another. */
  readonly onAsked: (question: LinesQuestion) => void
}

const marks = { same: ' ', new: '+', gone: '−' } as const
const heard = { same: '', new: 'only here: ', gone: 'would go: ' } as const

/**
 * Lines that cannot be put back by themselves: what stood there in the version compared, what stands there now, and what
 * would; what becomes of them is chosen by hand, for the part of the file that is shown.
 */
export function LinesConflict({ wish, conflict, onClose, onAsked }: LinesConflictProps) {
  const { project, path, from } = wish
  const electron = useSettings(({ info }) => info?.host === 'electron')
  const mounted = useProject(project)?.mounted ?? false
  const [busy, setBusy] = useState(false)
  const columns = useMemo(() => columnsOf(conflict), [conflict])
  const { name } = splitPath(path)
  const put = async (take: 'back' | 'both'): Promise<void> => {
    setBusy(true)
    const again = await restoreLines({ ...wish, choice: { take, now: conflict.version } })
    setBusy(false)
    if (again) onAsked(again)
    else onClose()
  }
  const byHand = (): void => {
    call('app.openVersion', { project, path, version: from }).then(
      async () => {
        onClose()
        say('done', `The version as it was is open, read only. Edit ${name} in your editor as you like.`)
        if (mounted) await openProjectFolder(project, path)
      },
      (error: unknown) => say('problem', sentenceOf(error)),
    )
  }
  const copy = (): void => {
    call('app.copyText', { text: conflict.wanted }).then(
      () => say('done', 'Copied the lines as they would be.'),
      (error: unknown) => say('problem', sentenceOf(error)),
    )
  }
  return (
    <Dialog
      wide
      title="These lines changed since"
      description={`Nothing was written to ${name}. What is around the lines is not what it was: choose what this part becomes.`}
      onClose={onClose}
      actions={
        <>
          {electron ? (
            <Button look="quiet" icon={<PencilLine size={14} />} onClick={byHand}>
              Edit by hand…
            </Button>
          ) : (
            <Button look="quiet" icon={<ClipboardCopy size={14} />} onClick={copy}>
              Copy the lines
            </Button>
          )}
          {wish.fromCount > 0 && (
            <Button disabled={busy} onClick={() => void put('both')}>
              Keep both
            </Button>
          )}
          <Button disabled={busy} onClick={() => void put('back')}>
            Put back these lines
          </Button>
          <Button look="main" disabled={busy} onClick={onClose}>
            Keep mine
          </Button>
        </>
      }
    >
      <div className="three-way">
        <Column title="Was, in the version compared" lines={columns.base} />
        <Column title="Is now" lines={columns.now} />
        <Column title="Would be" lines={columns.wanted} />
      </div>
    </Dialog>
  )
}

function Column({ title, lines }: { readonly title: string; readonly lines: readonly ColumnLine[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <div className="three-way-lines" tabIndex={0} role="group" aria-label={`Lines: ${title}`}>
        {lines.length === 0 && <p className="mute">No lines</p>}
        {lines.map(({ number, text, mark }, index) => (
          <div key={index} className={mark}>
            <span className="three-way-number" aria-hidden="true">
              {number ?? ''}
            </span>
            <span className="three-way-mark" aria-hidden="true">
              {marks[mark]}
            </span>
            <code>
              {mark !== 'same' && <span className="heard">{heard[mark]}</span>}
              {visible(text)}
            </code>
          </div>
        ))}
      </div>
    </section>
  )
}
