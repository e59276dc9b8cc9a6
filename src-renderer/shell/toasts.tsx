import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { dismiss, type Toast, useToasts } from '../state/toasts.ts'
import { visible } from '../ui/visible.ts'
import './toasts.css'

const STAY_MS = { done: 8000, problem: 20_000 } as const

/** What was done, with a way to take it back. Read aloud; stays while it is pointed at or holds the focus. */
export function Toasts() {
  const toasts = useToasts((store) => store.toasts)
  const [held, setHeld] = useState(false)
  const hold = (): void => setHeld(true)
  const letGo = (): void => setHeld(false)
  useEffect(() => {
    if (toasts.length === 0) setHeld(false)
  }, [toasts.length])
  return (
    <section
      className="toasts"
      aria-label="What was done"
      onMouseEnter={hold}
      onMouseLeave={letGo}
      onFocus={hold}
      onBlur={letGo}
    >
      <div role="status">
        {toasts.map((toast) => toast.kind === 'done' && <ToastBox key={toast.id} toast={toast} held={held} />)}
      </div>
      <div role="alert">
        {toasts.map((toast) => toast.kind === 'problem' && <ToastBox key={toast.id} toast={toast} held={held} />)}
      </div>
    </section>
  )
}

function ToastBox({ toast, held }: { readonly toast: Toast; readonly held: boolean }) {
  const { id, kind, text, action } = toast
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(id), STAY_MS[kind])
    return () => clearTimeout(timer)
  }, [id, kind, held])
  return (
    <div className={`toast ${kind}`}>
      <span>{visible(text)}</span>
      {action && (
        <button
          type="button"
          className="toast-action"
          onClick={() => {
            dismiss(id)
            action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className="toast-close" aria-label="Dismiss" onClick={() => dismiss(id)}>
        <X size={14} />
      </button>
    </div>
  )
}
