import { useState } from 'react'
import type { Result } from '../../../src-preload/contract.ts'
import { call, sentenceOf } from '../../bridge/call.ts'
import { undo } from '../../restore/restore.ts'
import type { Moment } from '../../state/projects.ts'
import { say } from '../../state/toasts.ts'
import { ActionMark } from '../../ui/action-mark.tsx'
import { Button } from '../../ui/button.tsx'
import { counted, number } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { visible } from '../../ui/visible.ts'
import { programWords } from './words.ts'

type Plan = Result<'history.undoMoment'>
type Choice = 'keep' | 'back' | 'both'

/** What is to be chosen before a moment can be taken back. */
export interface UndoQuestion {
  readonly moment: Moment
  readonly plan: Plan
}

/** Takes a moment back at once where nothing it touched was changed since; else the answer is what there is to choose. */
export async function undoMoment(project: string, moment: Moment): Promise<UndoQuestion | null> {
  const { first, last } = moment
  try {
    const plan = await call('history.undoMoment', { project, first, last, dryRun: true })
    if (plan.paths.some(({ state }) => state === 'choose')) return { moment, plan }
    tell(project, await call('history.undoMoment', { project, first, last }))
  } catch (error) {
    say('problem', sentenceOf(error))
  }
  return null
}

function tell(project: string, done: Plan): void {
  say('done', done.sentence, done.restored > 0 ? { label: 'Undo', run: () => void undo(project) } : null)
}

interface UndoDialogProps extends UndoQuestion {
  readonly project: string
  readonly onClose: () => void
}

const choices = [
  { value: 'keep', label: 'Keep mine' },
  { value: 'back', label: 'Put back' },
  { value: 'both', label: 'Both' },
] as const satisfies readonly { value: Choice; label: string }[]

/** The paths that were changed since: each is kept as it is now, put back, or the earlier one put beside it. */
export function UndoDialog({ project, moment, plan, onClose }: UndoDialogProps) {
  const open = plan.paths.filter(({ state }) => state === 'choose')
  const back = plan.paths.filter(({ state }) => state === 'back').length
  const [chosen, setChosen] = useState<ReadonlyMap<string, Choice>>(new Map())
  const [busy, setBusy] = useState<string | null>(null)
  const set = (paths: readonly string[], choice: Choice): void =>
    setChosen((now) => new Map([...now, ...paths.map((path) => [path, choice] as const)]))
  const run = async (): Promise<void> => {
    setBusy('Putting back…')
    const picked = open.map(({ path }) => ({ path, choice: chosen.get(path) ?? 'keep' }))
    const { first, last } = moment
    try {
      const params = { project, first, last, choices: picked }
      const done = await call('history.undoMoment', params, {
        onProgress: (step) => setBusy(`Putting back ${number(step.done)} of ${number(step.total)}…`),
      })
      tell(project, done)
      onClose()
    } catch (error) {
      setBusy(null)
      say('problem', sentenceOf(error))
    }
  }
  const unchanged = back > 0 ? `${counted(back, 'path')} will be put back. ` : ''
  const beyond =
    plan.more > 0 ? ` ${counted(plan.more, 'more path')} are not listed; those changed since are kept.` : ''
  return (
    <Dialog
      wide
      title={`Undo all that ${visible(programWords(moment.programs))} did`}
      description={`${unchanged}${counted(open.length, 'path was', 'paths were')} changed since: choose for each.${beyond}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" disabled={busy !== null} onClick={() => void run()}>
            {busy ?? 'Undo this moment'}
          </Button>
        </>
      }
    >
      {open.length > 1 && (
        <div className="undo-all">
          All:
          {choices.map(({ value, label }) => (
            <Button
              key={value}
              look="quiet"
              onClick={() =>
                set(
                  open.map(({ path }) => path),
                  value,
                )
              }
            >
              {label}
            </Button>
          ))}
        </div>
      )}
      <ul className="undo-paths">
        {open.map(({ path, action, why }) => (
          <li key={path}>
            <ActionMark action={action} />
            <div className="undo-path">
              <span>{visible(path)}</span>
              {why !== null && <small>{visible(why)}</small>}
            </div>
            <select
              aria-label={`What becomes of ${visible(path)}`}
              value={chosen.get(path) ?? 'keep'}
              onChange={(event) =>
                set([path], choices.find(({ value }) => value === event.target.value)?.value ?? 'keep')
              }
            >
              {choices.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
