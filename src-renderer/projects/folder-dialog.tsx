import { CornerLeftUp, Folder } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { closeOverlay, type FolderWish } from '../state/dialogs.ts'
import { useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { moveBetweenRows } from '../ui/list-keys.ts'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'

interface FolderDialogProps {
  readonly wish: FolderWish
  readonly chosen: (folder: string | null) => void
}

/** A chooser of our own, for a browser, which has none for folders of the machine that Ize runs on. */
export function FolderDialog({ wish, chosen }: FolderDialogProps) {
  const home = useSettings(({ info }) => info?.home ?? '/')
  const [at, setAt] = useState(wish.at ?? home)
  const { state, data, error } = useQuery('app.listFolders', { folder: at }, { keep: true })
  const [hidden, setHidden] = useState(false)
  const end = (folder: string | null): void => {
    closeOverlay()
    chosen(folder)
  }
  const folders = data?.folders.filter((name) => hidden || !name.startsWith('.')) ?? []
  const parent = data?.parent ?? null
  return (
    <Dialog
      title={wish.title}
      description={<span className="mono">{visible(at)}</span>}
      onClose={() => end(null)}
      actions={
        <>
          <Button onClick={() => end(null)}>Cancel</Button>
          <Button look="main" disabled={state !== 'ready'} onClick={() => end(at)}>
            {wish.button}
          </Button>
        </>
      }
    >
      <ul className="folders" onKeyDown={(event) => moveBetweenRows(event)} aria-label="Folders">
        {parent !== null && (
          <li>
            <button type="button" data-row onClick={() => setAt(parent)}>
              <CornerLeftUp size={15} /> Up
            </button>
          </li>
        )}
        {folders.map((name) => (
          <li key={name}>
            <button type="button" data-row onClick={() => setAt(`${at === '/' ? '' : at}/${name}`)}>
              <Folder size={15} /> <span className="clip">{visible(name)}</span>
            </button>
          </li>
        ))}
      </ul>
      {state === 'failed' && <Failure error={error} />}
      {!data && state === 'loading' && <Skeleton rows={4} />}
      <label className="check">
        <input type="checkbox" checked={hidden} onChange={(event) => setHidden(event.target.checked)} /> Show hidden
        folders
      </label>
    </Dialog>
  )
}
