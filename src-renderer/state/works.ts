import { create } from 'zustand'
import { codeOf, sentenceOf } from '../bridge/call.ts'
import { say } from './toasts.ts'

export type Unit = 'files' | 'bytes' | 'steps'

/** Something long that goes on, wherever the window is meanwhile. */
export interface Work {
  readonly id: number
  /** What is done: "Bringing in thesis". */
  readonly title: string
  readonly done: number
  /** Null: not known. */
  readonly total: number | null
  readonly unit: Unit
  /** When `done` began to grow, in milliseconds since 1970. */
  readonly begun: number
  readonly cancelled: boolean
  readonly cancel: () => void
}

export type Report = (done: number, total: number | null, unit: Unit) => void

export const useWorks = create<{ readonly works: readonly Work[] }>(() => ({ works: [] }))

let count = 0

/**
 * Does it with a line in the sidebar that tells how far it is and can cancel it. Resolves to what `run` does; to null when
 * it was cancelled or failed, once that was said.
 */
export async function work<T>(
  title: string,
  run: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const id = ++count
  const controller = new AbortController()
  const change = (part: Partial<Work>): void =>
    useWorks.setState(({ works }) => ({ works: works.map((one) => (one.id === id ? { ...one, ...part } : one)) }))
  const cancel = (): void => {
    change({ cancelled: true })
    controller.abort()
  }
  const begun = Date.now()
  const fresh: Work = { id, title, done: 0, total: null, unit: 'steps', begun, cancelled: false, cancel }
  useWorks.setState(({ works }) => ({ works: [...works, fresh] }))
  let known: number | null = null
  try {
    return await run((done, total, unit) => {
      // The pace is that of the part whose size is known.
      const part = { done, total, unit }
      change(total !== null && known === null ? { ...part, begun: Date.now() } : part)
      known = total
    }, controller.signal)
  } catch (error) {
    if (codeOf(error) === 'E_CANCELLED') say('done', `Cancelled: ${title}.`)
    else say('problem', sentenceOf(error))
    return null
  } finally {
    useWorks.setState(({ works }) => ({ works: works.filter((one) => one.id !== id) }))
  }
}
