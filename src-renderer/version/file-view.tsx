import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { useQuery } from '../bridge/use-query.ts'
import { counted, size } from '../ui/count.ts'
import { Empty, Failure, Skeleton } from '../ui/notice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { visible } from '../ui/visible.ts'
import { DiffView, type DiffViewProps } from './diff/diff-view.tsx'
import type { LineRange } from './diff/rows.ts'
import { NotKept } from './not-kept.tsx'
import { imageType } from './preview/content-kind.ts'
import { ImageCompare } from './preview/image-compare.tsx'
import { Preview } from './preview/preview.tsx'
import { READ_LIMIT, readAll, withContent } from './read-content.ts'
import { propertyChanges, type TreeEntry } from './sides.ts'

type FileDiff = Result<'history.diff'>['files'][number]

/** What is known of a comparison. `same`: nothing differs. */
export interface Outline {
  readonly added: number
  readonly removed: number
  readonly changes: number
  readonly same: boolean
}

export interface FileViewProps extends Pick<
  DiffViewProps,
  'layout' | 'ignoreSpace' | 'words' | 'wrap' | 'jump' | 'onChangeShown'
> {
  readonly project: string
  readonly path: string
  readonly from: string
  readonly to: string | null
  readonly fromEntry: TreeEntry
  readonly toEntry: TreeEntry
  readonly labels: readonly [string, string]
  readonly stale: number
  readonly onOutline: (outline: Outline) => void
  /** `to`: the version that the lines are of; what is newest may be another by now. */
  readonly onRestoreLines: (range: LineRange, to: string) => void
}

/** One file compared with itself at another time. */
export function FileView(props: FileViewProps) {
  const { project, path, from, to, fromEntry, toEntry, labels, stale } = props
  const names = { from, ...(to === null ? {} : { to }) }
  // Two versions differ for ever as they do, unless one of them is let go of.
  const known = `${to === null ? stale : 0} ${fromEntry.pruned ?? ''} ${toEntry.pruned ?? ''}`
  const query = useQuery('history.diff', { project, path, ...names, bounded: true }, { stale: known })
  // What was known before it could not be asked again is no more true.
  const data = query.error ? null : query.data
  const file = data?.files[0]
  const properties = propertyChanges(fromEntry, toEntry)
  const { onOutline } = props
  const kind = file?.change.kind
  const same = data !== null && properties.length === 0 && (kind === undefined || kind === 'same')
  useEffect(() => {
    if (kind !== 'text') onOutline({ added: 0, removed: 0, changes: 0, same })
  }, [kind, same, onOutline])
  if (query.error?.code === 'E_PRUNED') return <NotKept message={query.error.message} />
  if (query.error) return <Failure error={query.error} onAgain={query.again} />
  if (!data) return <Skeleton rows={14} />
  if (!file || file.change.kind === 'same') return <Same properties={properties} />
  if (file.change.kind === 'pruned') return <NotKept message={file.change.message} />
  if (file.change.kind === 'forgotten') return <Empty title="Forgotten">This content was removed for good.</Empty>
  const left = file.change.kind === 'text' ? leftOut(file.change.cut) : null
  return (
    <>
      {left !== null && <p className="version-properties">{left}</p>}
      {properties.length > 0 && <p className="version-properties">{properties.join(' ')}</p>}
      <div className="version-content">
        {file.change.kind === 'text' ? (
          <TextDiff {...props} hunks={file.change.hunks} shownTo={file.to?.hash ?? null} />
        ) : (
          <Binary {...{ project, path, from, to, labels }} change={file.change} wrap={props.wrap} />
        )}
      </div>
    </>
  )
}

/** What of a very long difference is not shown; null: nothing. */
function leftOut(cut: { readonly lines: number; readonly more: number } | null): string | null {
  if (!cut || cut.lines + cut.more === 0) return null
  const parts = [
    ...(cut.lines > 0 ? [`${counted(cut.lines, 'very long line')} shown around what differs`] : []),
    ...(cut.more > 0 ? [`${counted(cut.more, 'more line')} left out`] : []),
  ]
  return `${parts.join(', ')}.`
}

function Same({ properties }: { readonly properties: readonly string[] }) {
  if (properties.length === 0) return <Empty title="Identical">Both versions have the same content.</Empty>
  return <Empty title="The same content">{properties.join(' ')}</Empty>
}

function TextDiff({
  hunks,
  shownTo,
  ...props
}: FileViewProps & { readonly hunks: string; readonly shownTo: string | null }) {
  const { project, path, onRestoreLines, onOutline } = props
  const outlined = useCallback((outline: Omit<Outline, 'same'>) => onOutline({ ...outline, same: false }), [onOutline])
  const to = shownTo ?? props.to
  const source = useMemo(() => ({ kind: 'hunks' as const, base64: hunks }), [hunks])
  const readContent = useCallback(() => withContent({ project, path, version: to }, readAll), [project, path, to])
  const restoreLines = useMemo(
    () => (shownTo === null ? undefined : (range: LineRange) => onRestoreLines(range, shownTo)),
    [onRestoreLines, shownTo],
  )
  if (hunks === '') return <Same properties={[]} />
  return (
    <DiffView
      {...props}
      onOutline={outlined}
      onRestoreLines={restoreLines}
      label={`What differs in ${visible(path)}`}
      source={source}
      readContent={readContent}
    />
  )
}

interface BinaryProps extends Pick<FileViewProps, 'project' | 'path' | 'from' | 'to' | 'labels' | 'wrap'> {
  readonly change: Extract<FileDiff['change'], { kind: 'binary' }>
}

function Binary({ project, path, from, to, labels, change: { fromSize, toSize }, wrap }: BinaryProps) {
  const [side, setSide] = useState<'from' | 'to'>('from')
  const large = Math.max(fromSize, toSize) > READ_LIMIT
  if (imageType(path) !== null && !large) {
    return <ImageCompare from={{ project, path, version: from }} to={{ project, path, version: to }} labels={labels} />
  }
  const shown = side === 'from' ? from : to
  return (
    <div className="version-binary">
      <div className="version-card">
        <div>
          <h3>{large ? 'Too large to be compared line by line' : 'Not text'}</h3>
          <p className="mute">
            {size(fromSize)}, then {size(toSize)}. It can be restored, opened or copied as it is.
          </p>
        </div>
        <Segmented<'from' | 'to'>
          label="Which version is shown"
          value={side}
          options={[
            { value: 'from', label: labels[0] },
            { value: 'to', label: labels[1] },
          ]}
          onChange={setSide}
        />
      </div>
      <Preview key={side} {...{ project, path, wrap }} version={shown} label={labels[side === 'from' ? 0 : 1]} />
    </div>
  )
}
