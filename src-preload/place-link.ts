/**
 * Places in the app as links: `ize://open` followed by the text of a route (src-renderer/state/route.ts), such as
 * `ize://open/p/thesis?path=notes.txt`. The window makes of the text what it means, or shows its entrance.
 */
const PREFIX = 'ize://open'
const LONGEST = 16_384

/** The history of a file or folder; `path` as path-text.ts has it, empty for the whole project. */
export function historyRoute(project: string, path: string): string {
  const query = path === '' ? '' : `?${new URLSearchParams({ path }).toString()}`
  return `/p/${encodeURIComponent(project)}${query}`
}

export function linkTo(route: string): string {
  return `${PREFIX}${route}`
}

/** The route that a link names; null: it is none of ours. */
export function routeOfLink(link: string): string | null {
  if (!link.startsWith(`${PREFIX}/`) || link.length > LONGEST) return null
  return link.slice(PREFIX.length)
}

/** The route that a program's arguments name, by the last link among them; null: none. */
export function routeOfArguments(words: readonly string[]): string | null {
  return words.reduce<string | null>((found, word) => routeOfLink(word) ?? found, null)
}
