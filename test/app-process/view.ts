import type { LiveStatus, Project, View } from '../../src-main/app/projects-view.ts'

export function project(part: Partial<Project> = {}): Project {
  return {
    name: 'thesis',
    id: 'id-thesis',
    created: '2026-11-21T10:00:00.000000000Z',
    mountPoint: '/home/me/thesis',
    mounted: true,
    problem: null,
    ...part,
  }
}

export function status(part: Partial<LiveStatus> = {}): LiveStatus {
  return {
    ...project(),
    recorder: 'idle',
    pending: { operations: 0, bytes: 0, age: 0 },
    inHistoryUpTo: null,
    log: { bytes: 0, limitBytes: 1, operations: 0, limitOperations: 1, parked: 0 },
    upkeep: null,
    pruneDue: null,
    search: { on: true, behind: 0 },
    unversioned: [],
    revision: 1,
    savedUpTo: null,
    pausedUntil: null,
    rate: { saved: 0, recorded: 0 },
    ...part,
  }
}

export function view(projects: Project[], statuses: LiveStatus[] = []): View {
  return {
    engine: { kind: 'running', version: '1', pid: 1 },
    projects,
    status: new Map(statuses.map((one) => [one.id, one])),
  }
}
