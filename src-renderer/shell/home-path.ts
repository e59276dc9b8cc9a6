/** A path as it is shown: below the home folder it begins with `~`. */
export function homePath(path: string, home: string | null): string {
  if (home === null || home === '/') return path
  if (path === home) return '~'
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
