import { X } from 'lucide-react'
import { leftText, timeLeft } from '../state/time-left.ts'
import type { Unit, Work } from '../state/works.ts'
import { IconButton } from '../ui/button.tsx'
import { number, size } from '../ui/count.ts'
import { Progress } from '../ui/progress.tsx'
import { useNow } from '../ui/use-now.ts'
import { visible } from '../ui/visible.ts'

/** One piece of work that goes on: how far it is, how long it takes, and a way to end it. */
export function WorkLine({ work }: { readonly work: Work }) {
  const now = useNow(1000)
  const { title, done, total, cancelled, cancel } = work
  return (
    <li className="work">
      <div className="work-head">
        <span className="clip">{visible(title)}</span>
        <IconButton label={`Cancel: ${title}`} disabled={cancelled} onClick={cancel}>
          <X size={14} />
        </IconButton>
      </div>
      <Progress label={title} done={done} total={total} />
      <small className="mute">{cancelled ? 'Cancelling…' : amountText(work, now)}</small>
    </li>
  )
}

export function amountText({ done, total, unit, begun }: Pick<Work, 'done' | 'total' | 'unit' | 'begun'>, now: number) {
  if (done === 0 && total === null) return 'Beginning…'
  const amount = total === null ? inUnit(done, unit) : `${inUnit(done, unit)} of ${inUnit(total, unit)}`
  const left = timeLeft({ begun, now, done, total })
  return left === null ? amount : `${amount} · ${leftText(left)}`
}

function inUnit(n: number, unit: Unit): string {
  if (unit === 'bytes') return size(n)
  return unit === 'files' ? `${number(n)} ${n === 1 ? 'file' : 'files'}` : number(n)
}
