import type { Params, Result } from '../../src-preload/contract.ts'
import { call, type CallOptions, codeOf, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import { counted } from '../ui/count.ts'
import { thenTime } from '../ui/time.ts'
import { splitPath } from '../ui/visible.ts'

export interface RestoreWish {
  readonly project: string
  readonly path: string
  readonly version: string
  /** In a folder, what was not there then is removed too. */
  readonly exact?: boolean
}

type Options = CallOptions<'history.restore'>

/** The project in which something was put back last. */
let latest: string | null = null

/** Puts a version back, says what was done and offers to take it back. Null: it failed, and why was said. */
export async function restore(wish: RestoreWish, options?: Options): Promise<Result<'history.restore'> | null> {
  try {
    const done = await call('history.restore', wish, options)
    if (done.now) putBackIn(wish.project)
    say('done', sentenceFor(wish, done), done.now ? { label: 'Undo', run: () => void undo(wish.project) } : null)
    return done
  } catch (error) {
    if (codeOf(error) !== 'E_CANCELLED') say('problem', sentenceOf(error))
    return null
  }
}

/** What a restore would do; nothing is done. Errors: CallError. */
export function planRestore(wish: RestoreWish, options?: Options): Promise<Result<'history.restore'>> {
  return call('history.restore', { ...wish, dryRun: true }, options)
}

export type LinesConflict = Extract<Result<'history.restoreLines'>, { kind: 'conflict' }>

/** Lines that could not be put back by themselves, and what was asked for. */
export interface LinesQuestion {
  readonly wish: Params<'history.restoreLines'>
  readonly conflict: LinesConflict
}

/** Puts lines back where they were. A question: their surroundings changed, and nothing was written. */
export async function restoreLines(wish: Params<'history.restoreLines'>): Promise<LinesQuestion | null> {
  try {
    const done = await call('history.restoreLines', wish)
    if (done.kind === 'conflict') return { wish, conflict: done }
    putBackIn(wish.project)
    say('done', done.sentence, { label: 'Undo', run: () => void undo(wish.project) })
  } catch (error) {
    say('problem', sentenceOf(error))
  }
  return null
}

/** Tells where something was put back, so that it can be taken back from anywhere. */
export function putBackIn(project: string): void {
  latest = project
}

/** Takes back what was put back last from this window, in whichever project. */
export async function undoLatest(): Promise<void> {
  if (latest !== null) await undo(latest)
}

/** Takes the last restore of the project back. */
export async function undo(project: string): Promise<void> {
  try {
    const done = await call('history.undo', { project })
    const text = `Took the last restore back: ${counted(done.steps, 'path is', 'paths are')} as before it.`
    say('done', text, { label: 'Redo', run: () => void undo(project) })
  } catch (error) {
    say('problem', sentenceOf(error))
  }
}

/** "Restored notes.txt as it was yesterday at 17:20": what was done, in the words of the screen. */
function sentenceFor({ project, path }: RestoreWish, { restored, now, effects }: Result<'history.restore'>): string {
  const name = path === '' ? project : splitPath(path).name
  if (!now) return `${name} is already as it was then.`
  const { created, overwritten, removed } = effects
  if (removed.count > 0 && created.count + overwritten.count === 0) return `Removed ${name}.`
  return `Restored ${name} as it was ${thenTime(restored.time)}.`
}
