import { create } from 'zustand'

export interface Toast {
  readonly id: number
  readonly kind: 'done' | 'problem'
  readonly text: string
  readonly action: { readonly label: string; readonly run: () => void } | null
}

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }))

let count = 0

/** Says what was done (or why it was not), with a way to take it back; stays until it is dismissed or its time is over. */
export function say(kind: Toast['kind'], text: string, action: Toast['action'] = null): number {
  const toast: Toast = { id: ++count, kind, text, action }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-2), toast] }))
  return toast.id
}

export function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
