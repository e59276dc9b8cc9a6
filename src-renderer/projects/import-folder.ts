import { call } from '../bridge/call.ts'
import type { Progress } from '../../src-preload/contract.ts'
import { go, useRoute } from '../state/route.ts'
import { say } from '../state/toasts.ts'
import { type Report, work } from '../state/works.ts'
import { counted } from '../ui/count.ts'
import { mountProject, openProjectFolder } from './project-actions.ts'

interface ImportWish {
  readonly name: string
  readonly folder: string
  /** Null: in its own place, with the original kept beside it. */
  readonly mountPoint: string | null
}

/** Takes the folder in, mounts the project and shows it. False: it was cancelled or failed, and why was said. */
export async function importFolder({ name, folder, mountPoint }: ImportWish): Promise<boolean> {
  const done = await work(`Bringing in ${name}`, async (report, signal) => {
    const options = { signal, onProgress: (value: Progress<'projects.init'>) => tell(value, report) }
    if (mountPoint === null) return call('projects.initInPlace', { name, from: folder }, options)
    const made = await call('projects.init', { name, from: folder }, options)
    return { ...made, mountPoint, before: null }
  })
  if (!done) return false
  const { project, imported } = done
  const left = imported?.incomplete ?? []
  if (left.length > 0) {
    say('problem', `${counted(left.length, 'path')} could not be taken over whole: ${left[0]!.path}: ${left[0]!.why}`)
  }
  const mounted = mountPoint === null || (await mountProject(project, mountPoint))
  // Whoever went on meanwhile is left where they are.
  const { route } = useRoute.getState()
  if (route.screen === 'new') go({ screen: 'history', project: project.name }, { replace: true })
  if (mounted) {
    say(
      'done',
      `${project.name} remembers from now on. Work in ${done.mountPoint}.${done.before === null ? '' : ` The folder as it was is kept as ${done.before}.`}`,
      {
        label: 'Open folder',
        run: () => void openProjectFolder(project.name),
      },
    )
  }
  return true
}

function tell(value: Progress<'projects.init'>, report: Report): void {
  switch (value.phase) {
    case 'scan':
      return report(value.files, null, 'files')
    case 'plan':
      return report(0, value.bytes, 'bytes')
    case 'copy':
      return report(value.bytes, value.totalBytes, 'bytes')
    case 'record':
      return report(value.files, value.totalFiles, 'files')
  }
}
