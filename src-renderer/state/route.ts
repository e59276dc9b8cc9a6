import { create } from 'zustand'

/**
 * Where the window is. Every choice that can be gone back to stands in the address, so back, forward and links work:
 * `#/` · `#/new?folder=…` · `#/settings/{tab}` · `#/p/{project}?moment=3-9&path=…&from=…&to=…` · `#/p/{project}/{tab}`.
 */
export type Route =
  | { readonly screen: 'entrance'; readonly text?: string }
  | { readonly screen: 'new'; readonly folder?: string }
  | { readonly screen: 'settings'; readonly tab: SettingsTab }
  | ({ readonly screen: 'history'; readonly project: string } & HistoryPlace)
  | { readonly screen: 'project'; readonly project: string; readonly tab: ProjectTab }

export interface HistoryPlace {
  /** Numbers of the first and last change of the chosen moment: `3-9`. */
  readonly moment?: string
  /** The file or folder that is looked at, as text of path-text.ts. */
  readonly path?: string
  /** The two versions that are compared; `to` absent: now. */
  readonly from?: string
  readonly to?: string
  /** The time the tree is shown at: a version name. */
  readonly at?: string
  /** Left of the version: what the moment changed, or the tree as it was. */
  readonly view?: 'changes' | 'tree' | 'versions'
  /** Chip above the moments. */
  readonly filter?: 'deleted' | 'named'
  readonly program?: string
  readonly kind?: string
  /** Only moments that touched this path, or what is below it. */
  readonly within?: string
  readonly text?: string
  /** Part of the time that is looked at, RFC 3339. */
  readonly since?: string
  readonly until?: string
}

export const projectTabs = ['pending', 'settings', 'storage', 'trust'] as const
export type ProjectTab = (typeof projectTabs)[number]
export const settingsTabs = ['general', 'appearance', 'desktop', 'about'] as const
export type SettingsTab = (typeof settingsTabs)[number]

const placeKeys = [
  'moment',
  'path',
  'from',
  'to',
  'at',
  'view',
  'filter',
  'program',
  'kind',
  'within',
  'text',
  'since',
  'until',
] as const satisfies readonly (keyof HistoryPlace)[]

export function routeText(route: Route): string {
  switch (route.screen) {
    case 'entrance':
      return withQuery('/', { text: route.text })
    case 'new':
      return withQuery('/new', { folder: route.folder })
    case 'settings':
      return `/settings/${route.tab}`
    case 'history':
      return withQuery(
        `/p/${encodeURIComponent(route.project)}`,
        Object.fromEntries(placeKeys.map((key) => [key, route[key]])),
      )
    case 'project':
      return `/p/${encodeURIComponent(route.project)}/${route.tab}`
  }
}

/** What the text means; whatever means nothing is the entrance. */
export function parseRoute(text: string): Route {
  const [address = '', query = ''] = text.split('?', 2)
  const values = new URLSearchParams(query)
  const names = address
    .split('/')
    .filter((name) => name !== '')
    .map(decode)
  const [first, second, third] = names
  const value = (key: string): string | undefined => values.get(key) ?? undefined
  if (first === 'new') return compact({ screen: 'new', folder: value('folder') })
  if (first === 'settings') return { screen: 'settings', tab: settingsTabs.find((tab) => tab === second) ?? 'general' }
  if (first === 'p' && second !== undefined) {
    const tab = projectTabs.find((one) => one === third)
    if (tab) return { screen: 'project', project: second, tab }
    const place = Object.fromEntries(placeKeys.map((key) => [key, value(key)]))
    return compact({ screen: 'history', project: second, ...place })
  }
  return compact({ screen: 'entrance', text: value('text') })
}

interface RouteStore {
  readonly route: Route
}

export const useRoute = create<RouteStore>(() => ({ route: parseRoute(location.hash.slice(1)) }))

/** Goes there; `replace`: without a step to go back to. */
export function go(route: Route, { replace = false } = {}): void {
  const text = `#${routeText(route)}`
  if (text === location.hash) return
  history[replace ? 'replaceState' : 'pushState'](null, '', text)
  useRoute.setState({ route: parseRoute(text.slice(1)) })
}

/** Changes the place within the history that is shown; `undefined` takes a choice away. */
export function goWithin(
  change: { readonly [K in keyof HistoryPlace]?: HistoryPlace[K] | undefined },
  options?: { replace?: boolean },
): void {
  const { route } = useRoute.getState()
  if (route.screen === 'history') go(compact({ ...route, ...change }), options)
}

export function followAddress(): void {
  const follow = (): void => useRoute.setState({ route: parseRoute(location.hash.slice(1)) })
  addEventListener('popstate', follow)
  addEventListener('hashchange', follow)
}

function withQuery(address: string, values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) if (value !== undefined) query.set(key, value)
  const text = query.toString()
  return text === '' ? address : `${address}?${text}`
}

type Compact<T> = { [K in keyof T]: Exclude<T[K], undefined> }
function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Compact<T>
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
