import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { DiffThread } from './diff-thread.ts'
import type { Arrangement, DiffSource, LineName, Outline, ShownRow } from './messages.ts'
import type { Layout, Unfolded } from './rows.ts'

/** Rows that are fetched together: few, since what comes is unpacked by the thread that draws. */
const PAGE = 40
/** Lines that one step unfolds. */
export const UNFOLD = 20

export interface DiffOptions {
  readonly layout: Layout
  readonly ignoreSpace: boolean
  readonly words: boolean
}

export interface Diff {
  /** Null: not ready. */
  readonly outline: Outline | null
  readonly error: string | null
  /** Undefined: it comes. Asking brings it. */
  readonly row: (index: number) => ShownRow | undefined
  readonly unfold: (gap: number, part: 'top' | 'bottom' | 'all') => void
  readonly lineText: (line: LineName, from: number, to: number) => Promise<{ text: string; length: number }>
}

type Pages = ReadonlyMap<number, readonly ShownRow[]>

/** A difference kept in a thread of its own. `readContent`: the later version's bytes, for what is folded. */
export function useDiff(
  path: string,
  source: DiffSource,
  { layout, ignoreSpace, words }: DiffOptions,
  readContent: () => Promise<ArrayBuffer>,
): Diff {
  const [thread, setThread] = useState<DiffThread | null>(null)
  const [outline, setOutline] = useState<Outline | null>(null)
  const [pages, setPages] = useState<Pages>(new Map())
  const [unfolded, setUnfolded] = useState<Arrangement['unfolded']>([])
  const [error, setError] = useState<string | null>(null)
  const asked = useRef(new Set<number>())
  const recent = useRef<readonly number[]>([])
  const hasContent = useRef(false)

  useEffect(() => {
    const fresh = DiffThread.take()
    setThread(fresh)
    setOutline(null)
    setPages(new Map())
    setUnfolded([])
    setError(null)
    hasContent.current = false
    recent.current = []
    // A copy: what is transferred is gone here.
    const loaded = source.kind === 'content' ? { ...source, bytes: source.bytes.slice(0) } : source
    fresh.ask({ kind: 'load', path, source: loaded }).catch((error: Error) => setError(error.message))
    return () => fresh.end()
  }, [path, source])

  /** What is shown gets its colours as soon as they are found. `questions`: those of the arrangement it belongs to. */
  const colour = useCallback(
    (page: number, questions: ReadonlySet<number>) => {
      const range = { from: page * PAGE, to: (page + 1) * PAGE }
      void thread?.ask({ kind: 'colour', ...range }).then(async (found) => {
        if (!found || asked.current !== questions) return
        const rows = await thread.ask({ kind: 'rows', ...range, words })
        if (asked.current !== questions) return
        startTransition(() => setPages((known) => new Map(known).set(page, rows)))
      })
    },
    [thread, words],
  )

  useEffect(() => {
    if (!thread) return
    let current = true
    asked.current.clear()
    void thread.ask({ kind: 'arrange', arrangement: { layout, ignoreSpace, unfolded } }).then(
      async (outline) => {
        // What is in sight comes with the new arrangement, not after it.
        const wanted = [...new Set([0, ...recent.current])]
        const found = await Promise.all(
          wanted.map((page) => thread.ask({ kind: 'rows', from: page * PAGE, to: (page + 1) * PAGE, words })),
        )
        if (!current) return
        asked.current = new Set(wanted)
        setPages(new Map(wanted.map((page, index) => [page, found[index]!])))
        setOutline(outline)
        for (const page of wanted) colour(page, asked.current)
      },
      (error: Error) => current && setError(error.message),
    )
    return () => {
      current = false
    }
  }, [thread, layout, ignoreSpace, words, unfolded, colour])

  const row = useCallback(
    (index: number): ShownRow | undefined => {
      const page = Math.floor(index / PAGE)
      const questions = asked.current
      if (thread && outline && !questions.has(page)) {
        questions.add(page)
        recent.current = [page, ...recent.current].slice(0, 4)
        void thread.ask({ kind: 'rows', from: page * PAGE, to: (page + 1) * PAGE, words }).then((rows) => {
          // What was asked before the rows were arranged anew is not theirs.
          if (asked.current !== questions || !questions.has(page)) return
          setPages((known) => new Map(known).set(page, rows))
          colour(page, questions)
        })
      }
      return pages.get(page)?.[index - page * PAGE]
    },
    [thread, outline, pages, words, colour],
  )

  const unfold = useCallback(
    (gap: number, part: 'top' | 'bottom' | 'all') => {
      if (!thread) return
      const change = (): void => setUnfolded((before) => unfoldMore(before, gap, part))
      if (hasContent.current) return change()
      readContent().then(
        async (bytes) => {
          await thread.ask({ kind: 'content', bytes }, [bytes])
          hasContent.current = true
          change()
        },
        (error: Error) => setError(error.message),
      )
    },
    [thread, readContent],
  )

  const lineText = useCallback(
    (line: LineName, from: number, to: number) =>
      thread ? thread.ask({ kind: 'line', line, from, to }) : Promise.resolve({ text: '', length: 0 }),
    [thread],
  )
  return useMemo(() => ({ outline, error, row, unfold, lineText }), [outline, error, row, unfold, lineText])
}

function unfoldMore(
  before: Arrangement['unfolded'],
  gap: number,
  part: 'top' | 'bottom' | 'all',
): readonly (readonly [number, Unfolded])[] {
  const known = before.find(([number]) => number === gap)?.[1] ?? { top: 0, bottom: 0 }
  const now = part === 'all' ? { top: Number.MAX_SAFE_INTEGER, bottom: 0 } : { ...known, [part]: known[part] + UNFOLD }
  return [...before.filter(([number]) => number !== gap), [gap, now] as const]
}
