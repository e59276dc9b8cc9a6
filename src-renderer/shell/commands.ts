import { addFolder } from './add-folder.ts'
import {
  exportProject,
  mountProject,
  pauseProject,
  resumeProject,
  unmountProject,
} from '../projects/project-actions.ts'
import { undo } from '../restore/restore.ts'
import { openOverlay } from '../state/dialogs.ts'
import type { Project } from '../state/projects.ts'
import { go } from '../state/route.ts'

export interface Command {
  readonly name: string
  readonly run: () => void
}

/** What can be done from anywhere, and with the project that is looked at. */
export function commandsFor(project: Project | null): readonly Command[] {
  const general: readonly Command[] = [
    { name: 'Remember a folder…', run: () => void addFolder() },
    { name: 'Search all projects', run: () => go({ screen: 'entrance' }) },
    { name: 'Settings', run: () => go({ screen: 'settings', tab: 'general' }) },
    { name: 'Appearance', run: () => go({ screen: 'settings', tab: 'appearance' }) },
    { name: 'Keys', run: () => openOverlay({ kind: 'keys' }) },
  ]
  if (!project) return general
  const { name } = project
  return [
    { name: `Take the last restore in ${name} back`, run: () => void undo(name) },
    { name: `Deleted files of ${name}`, run: () => go({ screen: 'history', project: name, filter: 'deleted' }) },
    project.mounted
      ? { name: `Unmount ${name}`, run: () => void unmountProject(project) }
      : { name: `Mount ${name}`, run: () => void mountProject(project) },
    { name: `What waits in ${name}`, run: () => go({ screen: 'project', project: name, tab: 'pending' }) },
    { name: `Pause history of ${name}`, run: () => void pauseProject(name) },
    { name: `Resume history of ${name}`, run: () => void resumeProject(name) },
    { name: `Settings of ${name}`, run: () => go({ screen: 'project', project: name, tab: 'settings' }) },
    { name: `Storage of ${name}`, run: () => go({ screen: 'project', project: name, tab: 'storage' }) },
    { name: `Check whether ${name} is whole`, run: () => go({ screen: 'project', project: name, tab: 'trust' }) },
    { name: `Export ${name}…`, run: () => void exportProject(name) },
    { name: `Rename ${name}…`, run: () => openOverlay({ kind: 'rename', project: name }) },
    ...general,
  ]
}
