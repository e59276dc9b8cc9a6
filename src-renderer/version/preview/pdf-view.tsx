import { ExternalLink } from 'lucide-react'
import { useCallback, useEffect, useRef } from 'react'
import { call, sentenceOf } from '../../bridge/call.ts'
import { say } from '../../state/toasts.ts'
import { Button } from '../../ui/button.tsx'
import { counted, size as sizeText } from '../../ui/count.ts'
import { Empty, Skeleton } from '../../ui/notice.tsx'
import { splitPath, visible } from '../../ui/visible.ts'
import { type ContentOf, READ_LIMIT, readAll, withContent } from '../read-content.ts'
import { useLoaded } from '../use-loaded.ts'
import { firstPage, type PdfPage } from './pdf-thread.ts'

interface PdfViewProps {
  readonly of: ContentOf
  readonly size: number
}

/** Pixels: sharp where the pane is wide and the screen fine. */
const WIDTH = 1400

/** The first page of a document; all of it is a click away, in the program for its type. */
export function PdfView({ of, size }: PdfViewProps) {
  const { project, path, version } = of
  const load = useCallback(
    () => withContent({ project, path, version }, async (info) => firstPage(await readAll(info), WIDTH)),
    [project, path, version],
  )
  const large = size > READ_LIMIT
  return large ? (
    <Card of={of} text={`${sizeText(size)}, too large to be drawn here.`} />
  ) : (
    <Drawn {...{ of, size, load }} />
  )
}

function Drawn({ of, size, load }: PdfViewProps & { readonly load: () => Promise<PdfPage> }) {
  const loaded = useLoaded(load)
  if (loaded.state === 'loading') return <Skeleton rows={12} />
  if (loaded.state === 'failed') {
    return <Card of={of} text={`${sizeText(size)}. Its first page cannot be drawn here: ${loaded.error.message}.`} />
  }
  const { pages, title, bitmap } = loaded.value
  return (
    <figure className="pdf">
      <figcaption>
        <span className="clip">
          {title !== null && <b>{visible(title)} · </b>}
          {pages === 1 ? '1 page' : `Page 1 of ${counted(pages, 'page')}`} · {sizeText(size)}
        </span>
      </figcaption>
      <Page bitmap={bitmap} label={`First page of ${splitPath(of.path).name}`} />
    </figure>
  )
}

function Page({ bitmap, label }: { readonly bitmap: ImageBitmap; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0)
  }, [bitmap])
  return <canvas ref={canvas} width={bitmap.width} height={bitmap.height} role="img" aria-label={label} />
}

function Card({ of, text }: { readonly of: ContentOf; readonly text: string }) {
  return (
    <Empty title="A PDF document" action={<OpenButton of={of} />}>
      {visible(text)} It opens, read only, in the program for its type.
    </Empty>
  )
}

function OpenButton({ of: { project, path, version } }: { readonly of: ContentOf }) {
  const open = (): void => {
    call('app.openVersion', { project, path, ...(version === null ? {} : { version }) }).catch((error: unknown) =>
      say('problem', sentenceOf(error)),
    )
  }
  return (
    <Button icon={<ExternalLink size={14} />} onClick={open}>
      Open
    </Button>
  )
}
