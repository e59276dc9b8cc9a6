import { call, codeOf, sentenceOf } from '../bridge/call.ts'
import { openOverlay } from '../state/dialogs.ts'
import type { Project } from '../state/projects.ts'
import { takeStatus } from '../state/projects.ts'
import { useSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { work } from '../state/works.ts'
import { counted } from '../ui/count.ts'
import { chooseFolder } from './choose-folder.ts'
import { takeIn } from './found.ts'

/** Pausing ends by itself. */
const PAUSE_SECONDS = 3600

/** Mounts it where it was last; one that was never mounted asks where. */
export async function mountProject(project: Project, at?: string): Promise<boolean> {
  const { name, mountPoint } = project
  const where = at ?? mountPoint
  if (where === null) {
    openOverlay({ kind: 'mount', project: name })
    return false
  }
  try {
    const done = await call('projects.mount', { project: name, mountPoint: where })
    if (done.kept === null) return true
    say('done', `${name} is mounted. What programs put there meanwhile is kept in ${done.kept}.`, {
      label: 'Take it in',
      run: () => void takeIn(name),
    })
    return true
  } catch (error) {
    // What the machine lacks it lacks everywhere.
    const again = codeOf(error) === 'E_MOUNT_FUSE'
    const run = again ? () => void mountProject(project, where) : () => openOverlay({ kind: 'mount', project: name })
    say('problem', sentenceOf(error), { label: again ? 'Try again' : 'Mount elsewhere', run })
    return false
  }
}

/** While a program uses a file in it, it stays; then it may be let go of once the program is done. */
export async function unmountProject({ name }: Project, lazy = false): Promise<void> {
  try {
    await call('projects.unmount', { project: name, force: false, lazy })
    say('done', lazy ? `${name} is let go of as soon as nothing uses it.` : `${name} is unmounted.`)
  } catch (error) {
    const busy = codeOf(error) === 'E_MOUNT_BUSY' && !lazy
    const later = { label: 'Unmount when free', run: () => void unmountProject({ name } as Project, true) }
    say('problem', sentenceOf(error), busy ? later : null)
  }
}

export async function openProjectFolder(project: string, path?: string): Promise<void> {
  await orSay(call('app.openFolder', path === undefined ? { project } : { project, path }))
}

export async function pauseProject(project: string): Promise<void> {
  await orSay(call('projects.pause', { project, seconds: PAUSE_SECONDS }).then(takeStatus))
}

export async function resumeProject(project: string): Promise<void> {
  await orSay(call('projects.resume', { project }).then(takeStatus))
}

/** Writes all of it, as it is now, into a folder that the user chooses. */
export async function exportProject(project: string): Promise<void> {
  const home = useSettings.getState().info?.home
  const wish = { title: `Export ${project} into a new or empty folder`, button: 'Export here' }
  const folder = await chooseFolder(home === undefined ? wish : { ...wish, at: home })
  if (folder === null) return
  const done = await work(`Exporting ${project}`, (report, signal) =>
    call('projects.export', { project, folder }, { signal, onProgress: ({ files }) => report(files, null, 'files') }),
  )
  if (!done) return
  const files = `${counted(done.files, 'file')} written to ${done.folder}.`
  const left = done.incomplete.length
  if (left === 0) say('done', files)
  else say('problem', `${files} ${counted(left, 'path')} could not be taken over whole: ${done.incomplete[0]!.path}…`)
}

async function orSay(done: Promise<unknown>): Promise<void> {
  try {
    await done
  } catch (error) {
    say('problem', sentenceOf(error))
  }
}
