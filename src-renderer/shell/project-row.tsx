import {
  Archive,
  FolderOpen,
  HardDrive,
  Hourglass,
  MoreHorizontal,
  Pause,
  Pencil,
  Play,
  Plug,
  Settings,
  ShieldCheck,
  Trash2,
  Unplug,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import {
  exportProject,
  mountProject,
  openProjectFolder,
  pauseProject,
  resumeProject,
  unmountProject,
} from '../projects/project-actions.ts'
import { openOverlay } from '../state/dialogs.ts'
import { type LiveStatus, type Project } from '../state/projects.ts'
import { go, type ProjectTab } from '../state/route.ts'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { visible } from '../ui/visible.ts'
import { homePath } from './home-path.ts'
import { isPaused, projectState } from './project-state.ts'

interface ProjectRowProps {
  readonly project: Project
  readonly status: LiveStatus | null
  readonly chosen: boolean
  readonly home: string | null
  readonly now: number
}

export function ProjectRow({ project, status, chosen, home, now }: ProjectRowProps) {
  const [menu, setMenu] = useState(false)
  const { name, mountPoint } = project
  const { kind, text } = projectState(project, status, now)
  const shown = visible(text ?? (mountPoint === null ? 'mounted' : homePath(mountPoint, home)))
  const title = [name, mountPoint, text].filter((part) => part !== null).join('\n')
  return (
    <li className={chosen ? 'project on' : 'project'}>
      <button
        type="button"
        className="project-name"
        data-row
        aria-keyshortcuts="Shift+F10"
        aria-current={chosen ? 'true' : undefined}
        title={visible(title).replaceAll('␊', '\n')}
        onClick={() => go({ screen: 'history', project: name })}
        onContextMenu={(event) => {
          event.preventDefault()
          setMenu(true)
        }}
      >
        <span className={`dot ${kind}`} aria-hidden="true" />
        <span className="project-initial" aria-hidden="true">
          {[...name][0]}
        </span>
        <span className="project-text">
          <span className="clip">{visible(name)}</span>
          <small className="clip">{shown}</small>
        </span>
      </button>
      <Menu items={itemsOf(project, status, now)} open={menu} onOpenChange={setMenu}>
        <button type="button" className="icon-button project-more" aria-label={`Actions for ${visible(name)}`}>
          <MoreHorizontal size={16} />
        </button>
      </Menu>
    </li>
  )
}

function itemsOf(project: Project, status: LiveStatus | null, now: number): readonly MenuItem[] {
  const { name, mounted } = project
  const paused = status !== null && isPaused(status, now)
  const screen = (tab: ProjectTab) => () => go({ screen: 'project', project: name, tab })
  const mounting: readonly MenuItem[] = mounted
    ? [
        item('Open folder', <FolderOpen size={15} />, () => void openProjectFolder(name)),
        item('Unmount', <Unplug size={15} />, () => void unmountProject(project)),
      ]
    : [
        item('Mount', <Plug size={15} />, () => void mountProject(project)),
        item('Mount elsewhere…', <FolderOpen size={15} />, () => openOverlay({ kind: 'mount', project: name })),
      ]
  return [
    ...mounting,
    { kind: 'line' },
    item('What waits', <Hourglass size={15} />, screen('pending')),
    paused
      ? item('Resume history', <Play size={15} />, () => void resumeProject(name))
      : item('Pause history for an hour', <Pause size={15} />, () => void pauseProject(name)),
    { kind: 'line' },
    item('Settings', <Settings size={15} />, screen('settings')),
    item('Storage', <HardDrive size={15} />, screen('storage')),
    item('Trust', <ShieldCheck size={15} />, screen('trust')),
    item('Export…', <Archive size={15} />, () => void exportProject(name)),
    item('Rename…', <Pencil size={15} />, () => openOverlay({ kind: 'rename', project: name })),
    { kind: 'line' },
    {
      kind: 'item',
      label: 'Remove…',
      icon: <Trash2 size={15} />,
      danger: true,
      run: () => openOverlay({ kind: 'remove', project: name }),
    },
  ]
}

function item(label: string, icon: ReactNode, run: () => void): MenuItem {
  return { kind: 'item', label, icon, run }
}
