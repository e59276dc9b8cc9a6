import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { visible } from '../ui/visible.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import type { LinesConflict as Conflict } from './restore.ts'

/** More is cut: the whole file is one click away. */
const SHOWN = 20_000

interface LinesConflictProps {
  readonly conflict: Conflict
  readonly onClose: () => void
}

/** Lines that cannot be put back by themselves: what they became in the version that was looked at, what is there now. */
export function LinesConflict({ conflict: { base, now, wanted }, onClose }: LinesConflictProps) {
  const copy = (): void => {
    call('app.copyText', { text: wanted }).then(
      () => say('done', 'Copied the lines as they were.'),
      (error: unknown) => say('problem', sentenceOf(error)),
    )
  }
  return (
    <Dialog
      wide
      title="These lines changed since"
      description="Nothing was written. What is around them is not what it was, so where they belong would be a guess."
      onClose={onClose}
      actions={
        <>
          <Button onClick={copy}>Copy the lines as they were</Button>
          <Button look="main" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="three-way">
        <Part title="Was, in the version compared" text={base} />
        <Part title="Is now" text={now} />
        <Part title="Would be" text={wanted} />
      </div>
    </Dialog>
  )
}

function Part({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <pre tabIndex={0}>
        {text
          .slice(0, SHOWN)
          .split('\n')
          .map((line) => visible(line))
          .join('\n')}
        {text.length > SHOWN ? '\n…' : ''}
        {text === '' ? '(no lines)' : ''}
      </pre>
    </section>
  )
}
