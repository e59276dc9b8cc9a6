import { dismiss, useToasts } from '../state/toasts.ts'
import { Button } from '../ui/button.tsx'

export function Toasts() {
  const toasts = useToasts((store) => store.toasts)
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, text, action }) => (
        <div key={id} className="toast">
          {text}
          {action && <Button onClick={action.run}>{action.label}</Button>}
          <Button look="quiet" onClick={() => dismiss(id)}>
            Dismiss
          </Button>
        </div>
      ))}
    </div>
  )
}
