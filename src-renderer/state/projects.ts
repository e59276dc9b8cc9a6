import { create } from 'zustand'
import type { EngineState } from '../../src-preload/app-contract.ts'
import type { EventPayload, Result } from '../../src-preload/contract.ts'
import { call, listen } from '../bridge/call.ts'
import { paced } from './paced.ts'

export type Project = EventPayload<'projects'>['projects'][number]
export type LiveStatus = EventPayload<'status'>
export type Moment = Result<'history.moments'>['moments'][number]

interface ProjectsStore {
  readonly engine: EngineState
  /** Null: not known yet. */
  readonly projects: readonly Project[] | null
  readonly revision: number
  /** By the project's id; a project that is not open has none. */
  readonly status: Readonly<Record<string, LiveStatus>>
  /** How often the history of each project grew since the window opened: what `useQuery` takes as `stale`. */
  readonly grown: Readonly<Record<string, number>>
  /** Newest trouble of each project, until it is dismissed. */
  readonly problems: Readonly<Record<string, string>>
}

export const useProjects = create<ProjectsStore>(() => ({
  engine: { kind: 'starting' },
  projects: null,
  revision: -1,
  status: {},
  grown: {},
  problems: {},
}))

/** A later snapshot replaces an earlier one, whatever the order they come in. A new engine counts anew. */
export function takeProjects(snapshot: EventPayload<'projects'>, anew = false): void {
  useProjects.setState((now) =>
    anew || snapshot.revision >= now.revision ? { projects: snapshot.projects, revision: snapshot.revision } : now,
  )
}

export function takeStatus(status: LiveStatus): void {
  useProjects.setState((now) => {
    const before = now.status[status.id]
    return before && before.revision > status.revision ? now : { status: { ...now.status, [status.id]: status } }
  })
}

export function takeEngineState(engine: EngineState): void {
  // What an engine told of its projects' work ended with it.
  useProjects.setState(engine.kind === 'running' ? { engine, status: {}, revision: -1 } : { engine })
}

/** A busy program makes hundreds of changes a second, and each would be looked up by all that is shown. */
const GROWN_MS = 500

export function followProjects(): void {
  const grow = paced<string>(GROWN_MS, (ids) =>
    useProjects.setState(({ grown }) => ({
      grown: { ...grown, ...Object.fromEntries([...ids].map((id) => [id, (grown[id] ?? 0) + 1])) },
    })),
  )
  listen('app.engine', takeEngineState)
  listen('projects', (snapshot) => takeProjects(snapshot))
  listen('status', takeStatus)
  listen('history', ({ project }) => grow(project.id))
  listen('problem', ({ project, message }) => {
    useProjects.setState(({ problems }) => ({ problems: { ...problems, [project.id]: message } }))
  })
  void call('app.engineState', {}).then(takeEngineState)
  call('projects.list', {}).then(
    (snapshot) => takeProjects(snapshot),
    // The state of the engine says why, and a snapshot comes with the next one.
    () => undefined,
  )
}

/** What is known of a project's history may be stale, though it did not grow. */
export function historyChanged(name: string): void {
  useProjects.setState(({ projects, grown }) => {
    const id = projects?.find((one) => one.name === name || one.id === name)?.id
    return id === undefined ? {} : { grown: { ...grown, [id]: (grown[id] ?? 0) + 1 } }
  })
}

export function useProject(name: string): Project | null {
  return useProjects(({ projects }) => projects?.find((one) => one.name === name || one.id === name) ?? null)
}
