import { File, Folder, Link } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { Result } from '../../../src-preload/contract.ts'
import { call } from '../../bridge/call.ts'
import { goWithin } from '../../state/route.ts'
import { ActionMark } from '../../ui/action-mark.tsx'
import { counted, number, size } from '../../ui/count.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { visible } from '../../ui/visible.ts'
import type { TreeEntry } from '../sides.ts'
import { FolderList } from './folder-list.tsx'
import { usePages } from './use-pages.ts'

const PAGE = 200
type Stat = Result<'history.stat'>

interface FolderViewProps {
  readonly project: string
  readonly path: string
  /** Null: only `to` is shown. */
  readonly from: string | null
  readonly to: string | null
  /** Of the history: what is now may be another. */
  readonly stale: number
}

/** A folder, or the project: what differs between two times, or what was in it. */
export function FolderView(props: FolderViewProps) {
  const [tree, setTree] = useState(props.from === null)
  return (
    <div className="folder-view">
      {props.from === null || tree ? (
        <FolderTree {...props} onSwitch={() => setTree(false)} />
      ) : (
        <FolderChanges {...props} from={props.from} onSwitch={() => setTree(true)} />
      )}
    </div>
  )
}

interface Switched {
  readonly onSwitch: () => void
}

function Switch({ tree, onSwitch }: Switched & { readonly tree: boolean }) {
  return (
    <Segmented<'changes' | 'tree'>
      label="What of the folder is shown"
      value={tree ? 'tree' : 'changes'}
      options={[
        { value: 'changes', label: 'What differs' },
        { value: 'tree', label: 'As it was' },
      ]}
      onChange={onSwitch}
    />
  )
}

function FolderChanges({ project, path, from, to, stale, onSwitch }: FolderViewProps & Switched & { from: string }) {
  const [counts, setCounts] = useState<Stat['counts'] | null>(null)
  const fresh = to === null ? stale : 0
  const load = useCallback(
    async (after: string | null, signal: AbortSignal) => {
      void fresh
      const names = { from, ...(to === null ? {} : { to }), ...(after === null ? {} : { after }) }
      const { files, next, counts } = await call('history.stat', { project, path, ...names, limit: PAGE }, { signal })
      setCounts(counts)
      return { rows: files, next }
    },
    [project, path, from, to, fresh],
  )
  const pages = usePages(load)
  const total = counts && Object.values(counts).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <div className="folder-head">
        <span role="status">{total === null ? '' : total === 0 ? '' : `${counted(total, 'path')} differ`}</span>
        <Switch tree={false} onSwitch={onSwitch} />
      </div>
      <FolderList
        label="What differs"
        pages={pages}
        empty="Nothing differs between these two times."
        keyOf={(file) => file.path}
        onOpen={(file) => goWithin({ path: file.path, from, to: to ?? undefined })}
      >
        {(file) => (
          <>
            <ActionMark action={file.action} />
            <span className={file.action === 'delete' ? 'name clip gone' : 'name clip'}>
              {visible(file.path)}
              {file.from !== null && file.from !== file.path && (
                <span className="mute"> · was {visible(file.from)}</span>
              )}
            </span>
            <Lines added={file.added} removed={file.removed} />
          </>
        )}
      </FolderList>
    </>
  )
}

function Lines({ added, removed }: Pick<Stat['files'][number], 'added' | 'removed'>) {
  if (added === null || removed === null || (added === 0 && removed === 0)) return null
  return (
    <span className="amount">
      <span className="heard">{`${added} lines added, ${removed} removed`}</span>
      <span aria-hidden="true">
        {added > 0 && `+${number(added)}`} {removed > 0 && `−${number(removed)}`}
      </span>
    </span>
  )
}

function FolderTree({ project, path, from, to, stale, onSwitch }: FolderViewProps & Switched) {
  // Of a comparison, the earlier side: it is what is looked for.
  const version = from ?? to
  const fresh = version === null ? stale : 0
  const load = useCallback(
    async (after: string | null, signal: AbortSignal) => {
      void fresh
      const options = { ...(version === null ? {} : { version }), ...(after === null ? {} : { after }) }
      const { entries, next } = await call(
        'history.tree',
        { project, path, deep: false, limit: PAGE, ...options },
        { signal },
      )
      return { rows: entries, next }
    },
    [project, path, version, fresh],
  )
  const pages = usePages<TreeEntry>(load)
  const open = ({ path }: TreeEntry): void => goWithin({ path, from: from ?? undefined, to: to ?? undefined })
  return (
    <>
      <div className="folder-head">
        <span />
        {from !== null && <Switch tree onSwitch={onSwitch} />}
      </div>
      <FolderList
        label="What was in the folder"
        pages={pages}
        empty="Nothing was in this folder."
        keyOf={(entry) => entry.path}
        onOpen={open}
      >
        {(entry) => (
          <>
            <TypeIcon type={entry.type} />
            <span className="name clip">{visible(path === '' ? entry.path : entry.path.slice(path.length + 1))}</span>
            {entry.target !== null && <span className="mute clip">→ {visible(entry.target)}</span>}
            {entry.size !== null && entry.type === 'file' && <span className="amount">{size(entry.size)}</span>}
          </>
        )}
      </FolderList>
    </>
  )
}

function TypeIcon({ type }: Pick<TreeEntry, 'type'>) {
  const Icon = type === 'directory' ? Folder : type === 'symlink' ? Link : File
  return (
    <>
      <Icon size={14} aria-hidden="true" />
      <span className="heard">{type === 'directory' ? 'folder' : type === 'symlink' ? 'link' : 'file'}</span>
    </>
  )
}
