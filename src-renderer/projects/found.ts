import type { Result } from '../../src-preload/contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { counted } from '../ui/count.ts'

type Adopted = Result<'projects.adopt'>

/** Takes in what was found at the mount point of a mounted project, and says what became of it. */
export async function takeIn(project: string): Promise<void> {
  const found = await call('projects.found', { project }).catch((error: unknown) => {
    say('problem', sentenceOf(error))
    return null
  })
  for (const { folder } of found?.found ?? []) {
    const done = await work(`Taking files into ${project}`, (_report, signal) =>
      call('projects.adopt', { project, folder }, { signal }),
    )
    if (!done) return
    say('done', adoptedText(done))
  }
}

/** What was taken in, what was there already, what stands under another name, and where the originals are. */
export function adoptedText({ taken, same, renamed, moved }: Adopted): string {
  const [first] = renamed
  const parts = [
    taken === 0
      ? 'Nothing was missing in the project'
      : `${counted(taken, 'file or folder', 'files and folders')} taken in`,
    ...(same > 0 ? [`${counted(same, 'file')} there already`] : []),
    ...(first && renamed.length === 1 ? [`${first.path} stands beside the other as ${first.as}`] : []),
    ...(first && renamed.length > 1
      ? [`${counted(renamed.length, 'name')} were taken, so these stand beside, as ${first.as} does`]
      : []),
  ]
  return `${parts.join('; ')}. The originals are kept as ${moved}.`
}
