import { Folder } from 'lucide-react'
import { useCallback, useState, type RefObject } from 'react'
import { call } from '../../bridge/call.ts'
import { useQuery } from '../../bridge/use-query.ts'
import type { Moment } from '../../state/projects.ts'
import { useSettings } from '../../state/settings.ts'
import { ActionMark } from '../../ui/action-mark.tsx'
import { size } from '../../ui/count.ts'
import { Failure, Skeleton } from '../../ui/notice.tsx'
import { splitPath, visible } from '../../ui/visible.ts'
import { usePages, type LoadedPages } from '../use-pages.ts'
import { type RowShape, type RowState, VirtualList } from '../virtual-list.tsx'
import { type ChangedFile, fromEntry, fromStat, linesWords } from './changed.ts'

const PAGE = 200

/** What a moment did, path by path, in pages. */
export function useChanges(project: string, moment: Moment | null, within: string): LoadedPages<ChangedFile> {
  const question = moment && JSON.stringify([project, moment.before, moment.after, within])
  return usePages<ChangedFile, string>(question, async (cursor, signal) => {
    const { before, after, from, time } = moment!
    if (before === null) {
      const filter = { since: from, until: time }
      const page = cursor === null ? {} : { before: Number(cursor) }
      const found = await call('history.entries', { project, path: within, filter, limit: PAGE, ...page }, { signal })
      return { items: found.entries.map(fromEntry), next: found.next === null ? null : String(found.next) }
    }
    const page = cursor === null ? {} : { after: cursor }
    const params = { project, path: within, from: before, to: after, limit: PAGE, ...page }
    const found = await call('history.stat', params, { signal })
    return { items: found.files.map(fromStat), next: found.next }
  })
}

interface ChangesListProps {
  readonly project: string
  readonly moment: Moment
  readonly changes: LoadedPages<ChangedFile>
  readonly chosen: string | null
  readonly onChoose: (file: ChangedFile, settle: boolean) => void
  readonly onEnter: () => void
  readonly list: RefObject<HTMLDivElement | null>
}

export function ChangesList({ project, moment, changes, chosen, onChoose, onEnter, list }: ChangesListProps) {
  const { items, state, error, more, loadMore, again } = changes
  const compact = useSettings((store) => store.settings?.density) === 'compact'
  const [activePath, setActivePath] = useState<string | null>(null)
  const active = items.findIndex(({ path }) => path === (activePath ?? chosen))
  const shape = useCallback(
    (index: number): RowShape => ({ key: `${index}:${items[index]!.path}`, height: compact ? 25 : 29 }),
    [items, compact],
  )
  const rowState = (index: number): RowState => ({
    selected: items[index]!.path === chosen,
    position: index + 1,
    size: more ? -1 : items.length,
  })
  if (items.length === 0) {
    if (state === 'failed' && error) return <Failure error={error} onAgain={again} />
    if (state === 'loading') return <Skeleton rows={4} />
    return <p className="quiet-line">Nothing that is versioned changed.</p>
  }
  return (
    <VirtualList
      label="Files of this moment"
      roles="listbox"
      element={list}
      className="changes-list"
      count={items.length}
      shape={shape}
      state={rowState}
      active={active}
      onActive={(index, by) => {
        const file = items[index]!
        setActivePath(file.path)
        if (by === 'key') onChoose(file, true)
      }}
      onChoose={(index, by) => {
        onChoose(items[index]!, false)
        if (by === 'key') onEnter()
      }}
      onEnd={state === 'ready' ? loadMore : undefined}
      render={(index) => <ChangedRow project={project} moment={moment} file={items[index]!} />}
    />
  )
}

function ChangedRow({ project, moment, file }: { project: string; moment: Moment; file: ChangedFile }) {
  const { folder, name } = splitPath(file.path)
  const lines = linesWords(file)
  const Text = file.action === 'delete' ? 's' : 'span'
  const title = file.from === null ? visible(file.path) : `${visible(file.path)}, was ${visible(file.from)}`
  return (
    <div className="file-row" title={title}>
      <ActionMark action={file.action} />
      <Text className="file-name">
        <span className="file-folder">{folder}</span>
        <span className="file-last">{name}</span>
        {file.folder && <Folder size={12} aria-label="folder" />}
      </Text>
      <small className="file-much">
        {lines ? (
          <>
            <span className="more-lines">{lines.added}</span> <span className="less-lines">{lines.removed}</span>
          </>
        ) : (
          !file.folder && file.action !== 'delete' && <Size project={project} moment={moment} file={file} />
        )}
      </small>
    </div>
  )
}

/** Asked for only of what is in sight: a comparison does not tell it. */
function Size({ project, moment, file }: { project: string; moment: Moment; file: ChangedFile }) {
  const asked = file.size === null
  const params = { project, path: file.path, version: moment.after, deep: false, limit: 1 }
  const { data } = useQuery('history.tree', asked ? params : null)
  const bytes = file.size ?? data?.entries[0]?.size ?? null
  return bytes === null ? null : size(bytes)
}
