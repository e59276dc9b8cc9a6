import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { number } from '../../ui/count.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { visible } from '../../ui/visible.ts'
import type { LineName } from './messages.ts'
import type { Diff } from './use-diff.ts'

const CHARACTERS = 90
const ROW = 18
/** Rows that are fetched together. */
const ROWS = 100

interface LongLineProps extends Pick<Diff, 'lineText'> {
  readonly name: LineName
  readonly onClose: () => void
}

/** All of a very long line, cut into rows. */
export function LongLine({ name, lineText, onClose }: LongLineProps) {
  const [length, setLength] = useState<number | null>(null)
  useEffect(() => {
    void lineText(name, 0, 0).then(({ length }) => setLength(length))
  }, [name, lineText])
  return (
    <Dialog
      wide
      title={`Line ${number(name.number)}`}
      description={length === null ? 'Reading…' : `${number(length)} characters, ${CHARACTERS} in a row`}
      onClose={onClose}
    >
      {length !== null && <Pieces name={name} lineText={lineText} length={length} />}
    </Dialog>
  )
}

interface PiecesProps extends Pick<Diff, 'lineText'> {
  readonly name: LineName
  readonly length: number
}

function Pieces({ name, lineText, length }: PiecesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [pages, setPages] = useState<ReadonlyMap<number, string>>(new Map())
  const virtual = useVirtualizer({
    count: Math.ceil(length / CHARACTERS),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  })
  const items = virtual.getVirtualItems()
  const wanted = [...new Set(items.map(({ index }) => Math.floor(index / ROWS)))].filter((page) => !pages.has(page))
  const question = wanted.join()
  useEffect(() => {
    for (const page of question === '' ? [] : question.split(',').map(Number)) {
      const from = page * ROWS * CHARACTERS
      void lineText(name, from, from + ROWS * CHARACTERS).then(({ text }) =>
        setPages((known) => new Map(known).set(page, text)),
      )
    }
  }, [question, name, lineText])
  return (
    <div ref={scroller} className="long-line mono" tabIndex={0} role="document" aria-label="The whole line">
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const from = (index % ROWS) * CHARACTERS
          const text = pages.get(Math.floor(index / ROWS))?.slice(from, from + CHARACTERS) ?? ''
          return (
            <div key={key} className="long-line-row" style={{ transform: `translateY(${start}px)` }}>
              {visible(text)}
            </div>
          )
        })}
      </div>
    </div>
  )
}
