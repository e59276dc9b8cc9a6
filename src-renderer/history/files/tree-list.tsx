import { ChevronRight, File, Folder as FolderIcon } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState, type KeyboardEvent, type RefObject } from 'react'
import { useSettings } from '../../state/settings.ts'
import { size } from '../../ui/count.ts'
import { visible } from '../../ui/visible.ts'
import { type RowShape, type RowState, VirtualList } from '../virtual-list.tsx'
import { foldersAbove, type Gone, treeRows, type TreeRow } from './tree.ts'
import { useTree } from './use-tree.ts'

interface TreeListProps {
  readonly project: string
  /** Null: as it is now. */
  readonly version: string | null
  /** Time of that version; null: now. */
  readonly time: string | null
  readonly showGone: boolean
  readonly chosen: string | null
  readonly onChoose: (path: string, gone: Gone | null, settle: boolean) => void
  readonly onEnter: () => void
  readonly list: RefObject<HTMLDivElement | null>
}

/** Files and folders as they were; folders are read when they are opened. */
export function TreeList(props: TreeListProps) {
  const { project, version, time, showGone, chosen, onChoose, onEnter, list } = props
  const { folders, load, loadMore } = useTree(project, version, showGone ? (time ?? '') : null)
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(chosen === null ? [] : foldersAbove(chosen)))
  const rows = useMemo(() => treeRows(folders, open), [folders, open])
  const compact = useSettings((store) => store.settings?.density) === 'compact'
  const [activePath, setActivePath] = useState<string | null>(null)
  const active = rows.findIndex((row) => row.kind === 'entry' && row.path === (activePath ?? chosen))
  useEffect(() => {
    for (const path of open) if (!folders.has(path)) load(path)
  }, [open, folders, load])

  const shape = useCallback(
    (index: number): RowShape => {
      const at = rows[index]!
      const heading = at.kind === 'state' && at.state !== 'more'
      return { key: `${at.kind}:${at.path}`, height: compact ? 25 : 29, heading }
    },
    [rows, compact],
  )
  const rowState = (index: number): RowState => {
    const at = rows[index]!
    if (at.kind === 'state') return {}
    return {
      level: at.depth + 1,
      position: at.position,
      size: at.siblings,
      selected: at.path === chosen,
      expanded: at.folder ? at.open : undefined,
      label: `${visible(at.name)}${at.folder ? ', folder' : ''}${at.gone ? ', deleted before' : ''}`,
    }
  }
  const toggle = (path: string, to: boolean): void =>
    setOpen((now) => {
      const copy = new Set(now)
      if (to) copy.add(path)
      else copy.delete(path)
      return copy
    })
  const onKey = (event: KeyboardEvent, index: number): boolean => {
    const at = rows[index]
    if (at?.kind !== 'entry' || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return false
    const opens = event.key === 'ArrowRight'
    if (at.folder && at.open !== opens) toggle(at.path, opens)
    else if (opens) {
      if (!at.folder) onEnter()
    } else {
      const above = foldersAbove(at.path).at(-1)
      // From the outermost ones the key leads out of the list.
      if (above === undefined) return false
      setActivePath(above)
    }
    return true
  }
  return (
    <VirtualList
      label="Files as they were"
      roles="tree"
      element={list}
      className="tree-list"
      count={rows.length}
      shape={shape}
      state={rowState}
      active={active}
      onActive={(index, by) => {
        const at = rows[index]
        if (at?.kind !== 'entry') return
        setActivePath(at.path)
        if (by === 'key') onChoose(at.path, at.gone, true)
      }}
      onChoose={(index, by) => {
        const at = rows[index]
        if (at?.kind === 'state') return at.state === 'more' ? loadMore(at.path) : undefined
        if (!at) return
        if (at.folder && by === 'pointer') toggle(at.path, !at.open)
        onChoose(at.path, at.gone, false)
        if (by === 'key') onEnter()
      }}
      onKey={onKey}
      render={(index) => <TreeRowView row={rows[index]!} message={messageOf(folders, rows[index]!)} />}
    />
  )
}

function messageOf(folders: ReturnType<typeof useTree>['folders'], row: TreeRow): string | undefined {
  return row.kind === 'state' ? folders.get(row.path)?.message : undefined
}

const stateWords = { loading: 'Loading…', failed: 'Could not be read.', more: 'Show more', empty: 'Empty', ready: '' }

function TreeRowView({ row, message }: { readonly row: TreeRow; readonly message: string | undefined }) {
  const indent = { paddingLeft: 12 + row.depth * 14 }
  if (row.kind === 'state')
    return (
      <div className="tree-state clip" style={indent} title={message}>
        {message ?? stateWords[row.state]}
      </div>
    )
  const Text = row.gone ? 's' : 'span'
  return (
    <div className="tree-row" style={indent} title={visible(row.path)}>
      {row.folder ? <ChevronRight size={12} className={row.open ? 'open' : ''} /> : <span className="no-chevron" />}
      {row.folder ? <FolderIcon size={14} /> : <File size={14} />}
      <Text className="clip">{visible(row.name)}</Text>
      <small>{row.size === null || row.folder ? '' : size(row.size)}</small>
    </div>
  )
}
