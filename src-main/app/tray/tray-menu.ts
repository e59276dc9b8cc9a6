import type { LiveStatus, Project, View } from '../projects-view.ts'

/** What a chosen line does. */
export type TrayAction =
  | { readonly kind: 'show'; readonly route: string }
  | { readonly kind: 'mount' | 'unmount' | 'open-folder'; readonly project: string }
  | { readonly kind: 'pause' | 'resume' | 'quit' }

export type TrayLine =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'menu'; readonly label: string; readonly lines: readonly TrayLine[] }

export type TrayIcon = 'idle' | 'recording' | 'paused' | 'problem'

/** The menu of the tray: every project with what can be done with it, and what concerns all of them. */
export function trayMenu({ engine, projects, status }: View): TrayLine[] {
  const paused = [...status.values()].some(({ pausedUntil }) => pausedUntil !== null)
  const mounted = projects.some((project) => project.mounted)
  return [
    { kind: 'action', label: 'Open Ize', action: { kind: 'show', route: '/' } },
    { kind: 'separator' },
    ...(engine.kind === 'running' ? [] : [text(engineSentence(engine.kind))]),
    ...(projects.length === 0 ? [text('No projects yet')] : []),
    ...projects.map((project) => projectMenu(project, status.get(project.id) ?? null)),
    { kind: 'separator' },
    ...(mounted
      ? [paused ? action('Resume history', { kind: 'resume' }) : action('Pause history for an hour', { kind: 'pause' })]
      : []),
    action('Preferences…', { kind: 'show', route: '/settings/general' }),
    action('Quit Ize', { kind: 'quit' }),
  ]
}

export function trayIcon({ engine, projects, status }: View): TrayIcon {
  if (engine.kind === 'failed' || projects.some(({ problem }) => problem !== null)) return 'problem'
  const all = [...status.values()]
  if (all.some(({ pausedUntil }) => pausedUntil !== null)) return 'paused'
  return all.some(({ pending }) => pending.operations > 0) ? 'recording' : 'idle'
}

/** One line about a project, as the tray and its tooltip have it. */
export function stateOf(project: Project, status: LiveStatus | null): string {
  if (project.problem !== null) return 'problem'
  if (!project.mounted) return 'not mounted'
  if (status === null) return 'mounted'
  const waiting = status.pending.operations
  if (status.pausedUntil !== null) return waiting === 0 ? 'paused' : `paused, ${waiting} waiting`
  return waiting === 0 ? 'all in history' : `catching up, ${waiting} left`
}

function projectMenu(project: Project, status: LiveStatus | null): TrayLine {
  const { name, mounted } = project
  const address = `/p/${encodeURIComponent(name)}`
  return {
    kind: 'menu',
    label: `${name} — ${stateOf(project, status)}`,
    lines: [
      ...(project.problem === null ? [] : [text(project.problem)]),
      action('History', { kind: 'show', route: address }),
      ...(mounted ? [action('Open folder', { kind: 'open-folder', project: name })] : []),
      action('What waits', { kind: 'show', route: `${address}/pending` }),
      mounted
        ? action('Unmount', { kind: 'unmount', project: name })
        : action('Mount', { kind: 'mount', project: name }),
    ],
  }
}

function engineSentence(kind: Exclude<View['engine']['kind'], 'running'>): string {
  switch (kind) {
    case 'starting':
      return 'The engine is starting'
    case 'restarting':
      return 'The engine is being started again'
    case 'failed':
      return 'The engine does not run'
  }
}

const text = (label: string): TrayLine => ({ kind: 'text', label })
const action = (label: string, what: TrayAction): TrayLine => ({ kind: 'action', label, action: what })
