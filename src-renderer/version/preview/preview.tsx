import { useCallback, useState } from 'react'
import { Empty, Failure, Skeleton } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { visible } from '../../ui/visible.ts'
import { DiffView } from '../diff/diff-view.tsx'
import { type ContentInfo, type ContentOf, READ_LIMIT, readAll, withContent } from '../read-content.ts'
import { NotKept } from '../not-kept.tsx'
import { useLoaded } from '../use-loaded.ts'
import { contentKind } from './content-kind.ts'
import { HexView } from './hex-view.tsx'
import { ImageView } from './image-view.tsx'
import { MARKDOWN_LIMIT, MarkdownView } from './markdown-view.tsx'
import { PdfView } from './pdf-view.tsx'
import './preview.css'

interface PreviewProps extends ContentOf {
  readonly wrap: boolean
  /** "13:44, before vim". */
  readonly label: string
}

interface Shown {
  readonly info: ContentInfo
  /** Null: not read as a whole. */
  readonly bytes: ArrayBuffer | null
}

/** One version of a file alone, as what it is. */
export function Preview({ project, path, version, wrap, label }: PreviewProps) {
  const load = useCallback(
    () =>
      withContent({ project, path, version }, async (info): Promise<Shown> => {
        const kind = contentKind(path, info.text, info.size, READ_LIMIT)
        return { info, bytes: kind === 'text' || kind === 'markdown' ? await readAll(info) : null }
      }),
    [project, path, version],
  )
  const loaded = useLoaded(load)
  if (loaded.state === 'loading') return <Skeleton rows={12} />
  if (loaded.state === 'failed' && loaded.error.code === 'E_PRUNED') return <NotKept message={loaded.error.message} />
  if (loaded.state === 'failed') return <Failure error={loaded.error} />
  const { info, bytes } = loaded.value
  const of = { project, path, version }
  if (info.size === 0) return <Empty title="An empty file">There is nothing in it.</Empty>
  const kind = contentKind(path, info.text, info.size, READ_LIMIT)
  switch (kind) {
    case 'image':
      return <ImageView of={of} label={label} />
    case 'pdf':
      return <PdfView of={of} size={info.size} />
    case 'hex':
      return <HexView of={of} info={info} />
    case 'text':
    case 'markdown':
      return <TextView path={path} bytes={bytes!} wrap={wrap} markdown={kind === 'markdown'} />
  }
}

interface TextViewProps {
  readonly path: string
  readonly bytes: ArrayBuffer
  readonly wrap: boolean
  readonly markdown: boolean
}

function TextView({ path, bytes, wrap, markdown }: TextViewProps) {
  const canRender = markdown && bytes.byteLength <= MARKDOWN_LIMIT
  const [rendered, setRendered] = useState(canRender)
  const source = useSource(bytes)
  const text = (
    <DiffView
      label={visible(path)}
      path={path}
      source={source}
      wrap={wrap}
      layout="inline"
      ignoreSpace={false}
      words={false}
      readContent={() => Promise.resolve(bytes.slice(0))}
    />
  )
  if (!canRender) return text
  return (
    <div className="preview-switched">
      <Segmented<'rendered' | 'text'>
        label="How it is shown"
        value={rendered ? 'rendered' : 'text'}
        options={[
          { value: 'rendered', label: 'Rendered' },
          { value: 'text', label: 'Text' },
        ]}
        onChange={(value) => setRendered(value === 'rendered')}
      />
      {rendered ? <MarkdownView bytes={bytes} /> : text}
    </div>
  )
}

function useSource(bytes: ArrayBuffer): { readonly kind: 'content'; readonly bytes: ArrayBuffer } {
  const [source, setSource] = useState({ kind: 'content' as const, bytes })
  if (source.bytes !== bytes) setSource({ kind: 'content', bytes })
  return source
}
