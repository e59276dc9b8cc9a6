import { ForgetDialog } from '../forget/forget-dialog.tsx'
import { FolderDialog } from '../projects/folder-dialog.tsx'
import { MountDialog } from '../projects/mount-dialog.tsx'
import { RemoveDialog } from '../projects/remove-dialog.tsx'
import { RenameDialog } from '../projects/rename-dialog.tsx'
import { closeOverlay, useOverlay } from '../state/dialogs.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { Palette } from './palette.tsx'

export function Overlays() {
  const overlay = useOverlay((store) => store.overlay)
  switch (overlay?.kind) {
    case undefined:
      return null
    case 'palette':
      return <Palette onClose={closeOverlay} />
    case 'keys':
      return <KeysDialog onClose={closeOverlay} />
    case 'rename':
      return <RenameDialog project={overlay.project} onClose={closeOverlay} />
    case 'remove':
      return <RemoveDialog project={overlay.project} onClose={closeOverlay} />
    case 'mount':
      return <MountDialog project={overlay.project} onClose={closeOverlay} />
    case 'forget': {
      const { project, path, version } = overlay
      return <ForgetDialog {...{ project, path, version }} onClose={closeOverlay} />
    }
    case 'folder':
      return <FolderDialog wish={overlay.wish} chosen={overlay.chosen} />
  }
}
