import { useEffect, useState } from 'react'
import { type CallError, codeOf } from '../bridge/call.ts'

export interface Answers<T> {
  readonly byProject: ReadonlyMap<string, T>
  readonly failures: ReadonlyMap<string, CallError>
  /** Some project has not answered yet. */
  readonly pending: boolean
}

function unanswered<T>(): Answers<T> {
  return { byProject: new Map(), failures: new Map(), pending: true }
}

/**
 * Asks every project the same and shows the answers as they come; asks again, and lets go of what was asked before, when
 * the projects or `question` (null: nothing is asked) or `stale` change. What was answered before stays until then.
 */
export function useEachProject<T>(
  projects: readonly string[],
  question: string | null,
  ask: (project: string, signal: AbortSignal) => Promise<T>,
  { stale, delay = 0 }: { readonly stale?: unknown; readonly delay?: number } = {},
): Answers<T> {
  const [answers, setAnswers] = useState<Answers<T>>(unanswered)
  const [askedFor, setAskedFor] = useState<string | null>(null)
  const names = JSON.stringify(projects)
  useEffect(() => {
    if (question === null) {
      setAnswers(unanswered())
      return
    }
    const controller = new AbortController()
    const found = new Map<string, T>()
    const failures = new Map<string, CallError>()
    const all = JSON.parse(names) as string[]
    const show = (): void => {
      if (controller.signal.aborted) return
      const pending = found.size + failures.size < all.length
      // While the same is asked anew, what is known stays until everything is answered.
      if (!pending || askedFor !== question)
        setAnswers({ byProject: new Map(found), failures: new Map(failures), pending })
      if (!pending) setAskedFor(question)
    }
    const timer = setTimeout(() => {
      for (const project of all) {
        ask(project, controller.signal).then(
          (answer) => {
            found.set(project, answer)
            show()
          },
          (error: CallError) => {
            if (codeOf(error) !== 'E_CANCELLED') failures.set(project, error)
            show()
          },
        )
      }
      if (all.length === 0) show()
    }, delay)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
    // What `ask` does is told by `question`.
  }, [names, question, stale, delay])
  return answers
}
