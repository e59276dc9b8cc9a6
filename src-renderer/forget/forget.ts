import type { Params } from '../../src-preload/contract.ts'
import { call } from '../bridge/call.ts'
import { historyChanged } from '../state/projects.ts'
import { goWithin, useRoute } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { counted } from '../ui/count.ts'
import { splitPath } from '../ui/visible.ts'

const steps = ['log', 'check', 'pijul', 'store', 'search'] as const

/** Forgets for good, with a line in the sidebar; then nothing on the screen shows any more what is gone. */
export async function forget(wish: Params<'history.forget'>): Promise<void> {
  const { project, path } = wish
  const { name } = splitPath(path)
  const done = await work(`Forgetting versions of ${name}`, (report, signal) =>
    call('history.forget', wish, {
      signal,
      onProgress: ({ step }) => report(steps.indexOf(step), steps.length, 'steps'),
    }),
  )
  if (!done) return
  const { route } = useRoute.getState()
  if (route.screen === 'history' && route.project === project && route.path === path) {
    goWithin({ from: undefined, to: undefined }, { replace: true })
  }
  historyChanged(project)
  const count = counted(done.goes.length + done.also.length, 'version')
  say('done', `Forgotten: ${count} of ${name}. Copies outside Ize (backups, exports) are not touched.`)
}
