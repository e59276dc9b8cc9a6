import { shell } from 'electron'
import type { EngineLink } from '../../window/engine-link.ts'
import type { View } from '../projects-view.ts'
import type { TrayAction } from './tray-menu.ts'

/** How long history waits when it is paused from the tray, in seconds. */
const PAUSE_SECONDS = 3600

interface Surroundings {
  readonly show: (route: string) => void
  readonly quit: () => void
  readonly projects: () => View
  readonly failed: (title: string, body: string) => void
}

/** Does what was chosen in the tray; what fails is said. */
export class TrayActions {
  constructor(
    private readonly engine: EngineLink,
    private readonly around: Surroundings,
  ) {}

  async act(action: TrayAction): Promise<void> {
    try {
      await this.perform(action)
    } catch (error) {
      this.around.failed('That could not be done', error instanceof Error ? error.message : String(error))
    }
  }

  private async perform(action: TrayAction): Promise<void> {
    switch (action.kind) {
      case 'show':
        return this.around.show(action.route)
      case 'quit':
        return this.around.quit()
      case 'mount':
        await this.engine.request('projects.mount', { project: action.project })
        return
      case 'unmount':
        await this.engine.request('projects.unmount', { project: action.project, force: false, lazy: false })
        return
      case 'open-folder': {
        const { mountPoint } = await this.engine.request('projects.status', { project: action.project })
        if (mountPoint !== null) await shell.openPath(mountPoint)
        return
      }
      case 'pause':
        for (const project of this.mounted()) {
          await this.engine.request('projects.pause', { project, seconds: PAUSE_SECONDS })
        }
        return
      case 'resume':
        for (const project of this.mounted()) await this.engine.request('projects.resume', { project })
        return
    }
  }

  private mounted(): string[] {
    return this.around
      .projects()
      .projects.filter(({ mounted }) => mounted)
      .map(({ id }) => id)
  }
}
