import type { Result } from '../../src-preload/contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'

export interface RestoreWish {
  readonly project: string
  readonly path: string
  readonly version: string
  /** In a folder, what was not there then is removed too. */
  readonly exact?: boolean
}

/** Puts a version back, says what was done and offers to take it back. Null: it failed, and why was said. */
export async function restore(wish: RestoreWish): Promise<Result<'history.restore'> | null> {
  try {
    const done = await call('history.restore', wish)
    say('done', done.sentence, done.now ? { label: 'Undo', run: () => void undo(wish.project) } : null)
    return done
  } catch (error) {
    say('problem', sentenceOf(error))
    return null
  }
}

/** Takes the last restore of the project back. */
export async function undo(project: string): Promise<void> {
  try {
    const done = await call('history.undo', { project })
    say('done', done.sentence, { label: 'Redo', run: () => void undo(project) })
  } catch (error) {
    say('problem', sentenceOf(error))
  }
}
