import { create } from 'zustand'

/** What lies over the screen: one thing at a time. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'rename'; readonly project: string }
  | { readonly kind: 'remove'; readonly project: string }
  | { readonly kind: 'mount'; readonly project: string }
  | {
      readonly kind: 'forget'
      readonly project: string
      /** Null: it is asked for. */
      readonly path: string | null
      readonly version: string | null
    }
  | { readonly kind: 'folder'; readonly wish: FolderWish; readonly chosen: (folder: string | null) => void }

export interface FolderWish {
  readonly title: string
  /** On the button that takes it. */
  readonly button: string
  /** Where to begin. */
  readonly at?: string
}

export const useOverlay = create<{ readonly overlay: Overlay | null }>(() => ({ overlay: null }))

export function openOverlay(overlay: Overlay): void {
  useOverlay.setState({ overlay })
}

export function closeOverlay(): void {
  useOverlay.setState({ overlay: null })
}
