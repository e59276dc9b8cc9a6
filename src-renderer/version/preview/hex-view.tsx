import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { sentenceOf } from '../../bridge/call.ts'
import { Button } from '../../ui/button.tsx'
import { size as sizeText } from '../../ui/count.ts'
import { type ContentInfo, type ContentOf, readPiece, withContent } from '../read-content.ts'
import { BYTES, hexRow, PART, partsOf, rowsOfPart } from './hex-layout.ts'

const ROW = 18
/** The engine's piece: 256 KB. */
const PIECE = 256 * 1024

interface Reader {
  readonly read: (at: number) => Promise<Uint8Array>
  readonly end: () => void
}

/** Any content as bytes; what is in sight is read. */
export function HexView({ of, info }: { readonly of: ContentOf; readonly info: Pick<ContentInfo, 'size'> }) {
  const [part, setPart] = useState(0)
  const parts = partsOf(info.size)
  return (
    <div className="hex">
      {parts > 1 && (
        <div className="hex-parts">
          <Button disabled={part === 0} onClick={() => setPart(part - 1)}>
            Previous
          </Button>
          <span>
            Part {part + 1} of {parts}, from {sizeText(part * PART)}
          </span>
          <Button disabled={part === parts - 1} onClick={() => setPart(part + 1)}>
            Next
          </Button>
        </div>
      )}
      <HexPart key={part} of={of} size={info.size} part={part} />
    </div>
  )
}

function HexPart({ of, size, part }: { readonly of: ContentOf; readonly size: number; readonly part: number }) {
  const { project, path, version } = of
  const scroller = useRef<HTMLDivElement>(null)
  const [reader, setReader] = useState<Reader | null>(null)
  const [pieces, setPieces] = useState<ReadonlyMap<number, Uint8Array>>(new Map())
  const [problem, setProblem] = useState<string | null>(null)

  useEffect(() => {
    let close = (): void => undefined
    const open = withContent({ project, path, version }, async ({ content }) => {
      setReader({ read: (at) => readPiece(content, at), end: () => close() })
      await new Promise<void>((resolve) => (close = resolve))
    })
    open.catch((error: unknown) => setProblem(sentenceOf(error)))
    return () => close()
  }, [project, path, version])

  const virtual = useVirtualizer({
    count: rowsOfPart(size, part),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  })
  const items = virtual.getVirtualItems()
  const needed = [...new Set(items.map(({ index }) => Math.floor((part * PART + index * BYTES) / PIECE)))]
  const question = needed.filter((piece) => !pieces.has(piece)).join()
  useEffect(() => {
    if (!reader || question === '') return
    for (const piece of question.split(',').map(Number)) {
      reader.read(piece * PIECE).then(
        (bytes) => setPieces((known) => new Map([...known].slice(-8)).set(piece, bytes)),
        (error: unknown) => setProblem(sentenceOf(error)),
      )
    }
  }, [reader, question])

  if (problem !== null) {
    return (
      <p className="notice problem" role="alert">
        {problem}
      </p>
    )
  }
  return (
    <div
      ref={scroller}
      className="hex-rows"
      tabIndex={0}
      role="table"
      aria-label="Bytes"
      aria-rowcount={virtual.options.count}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const offset = part * PART + index * BYTES
          const piece = pieces.get(Math.floor(offset / PIECE))
          const at = offset % PIECE
          const { offset: where, hex, text } = hexRow(offset, piece?.subarray(at, at + BYTES) ?? new Uint8Array())
          return (
            <div
              key={key}
              className="hex-row"
              role="row"
              aria-rowindex={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span role="cell">{where}</span>
              <span role="cell">{hex}</span>
              <span role="cell" aria-hidden="true">
                {text}
              </span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
