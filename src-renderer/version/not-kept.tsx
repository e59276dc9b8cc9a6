import { goWithin } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/notice.tsx'
import { visible } from '../ui/visible.ts'

/** Stands where the content of a version would that retention let go of; `message` names what is kept near it. */
export function NotKept({ message }: { readonly message: string }) {
  const newest = (): void => goWithin({ from: undefined, to: undefined })
  return (
    <Empty title="Not kept any more" action={<Button onClick={newest}>Show the newest version</Button>}>
      {visible(message)}
    </Empty>
  )
}
