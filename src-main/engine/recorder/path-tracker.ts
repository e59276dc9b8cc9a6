/** Where a path of the tree before a change is by now, when the moves of the change are done one after the other. */
export class PathTracker {
  private readonly moves: (readonly [from: string, to: string])[] = []

  /** `from` as it is now. */
  move(from: string, to: string): void {
    this.moves.push([from, to])
  }

  now(path: string): string {
    let at = path
    for (const [from, to] of this.moves) {
      if (at === from) at = to
      else if (at.startsWith(from) && at[from.length] === '/') at = to + at.slice(from.length)
    }
    return at
  }
}

/** Whether a path lies below one of these. */
export function isBelowAny(path: string, directories: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (directories.has(path.slice(0, slash))) return true
  }
  return false
}
