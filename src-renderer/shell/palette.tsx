import { Dialog } from '../ui/dialog.tsx'
export function Palette({ onClose }: { readonly onClose: () => void }) {
  return <Dialog title="Find anything" onClose={onClose} />
}
