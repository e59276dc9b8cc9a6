/** What a file's content compresses well with: others with the same ending of their names; without one, of the same name. */
export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase()
}
