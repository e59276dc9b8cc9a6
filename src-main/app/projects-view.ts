import type { EngineState } from '../../src-preload/app-contract.ts'
import type { EventPayload } from '../../src-preload/contract.ts'
import type { EngineLink } from '../window/engine-link.ts'

export type Project = EventPayload<'projects'>['projects'][number]
export type LiveStatus = EventPayload<'status'>

/** What the engine last told, for those in the main process who show it. */
export interface View {
  readonly engine: EngineState
  readonly projects: readonly Project[]
  /** By id; of projects that are open. */
  readonly status: ReadonlyMap<string, LiveStatus>
}

/** Follows the engine's events; tells every change. */
export class ProjectsView {
  private now: View

  constructor(engine: EngineLink, changed: (view: View) => void) {
    this.now = { engine: engine.state, projects: [], status: new Map() }
    const become = (part: Partial<View>): void => {
      this.now = { ...this.now, ...part }
      changed(this.now)
    }
    engine.listen({
      state: (state) => become(state.kind === 'running' ? { engine: state, status: new Map() } : { engine: state }),
      event: (event, payload) => {
        if (event === 'projects') become({ projects: (payload as EventPayload<'projects'>).projects })
        if (event === 'status') {
          const status = payload as LiveStatus
          become({ status: new Map([...this.now.status, [status.id, status]]) })
        }
      },
    })
  }

  get current(): View {
    return this.now
  }
}
