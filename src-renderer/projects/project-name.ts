/** What keeps a name from being that of a new project, in one sentence; null: nothing. The engine has the last word. */
export function nameTrouble(name: string, taken: readonly string[]): string | null {
  if (name.trim() === '') return 'Give it a name.'
  const folded = name.normalize('NFC').toLowerCase()
  const other = taken.find((one) => one.normalize('NFC').toLowerCase() === folded)
  if (other !== undefined) return `There is a project named ${other} already: choose another name.`
  if (/[/\\]/.test(name)) return 'A name has no slashes.'
  return /^[-.\s]/.test(name) ? 'A name begins neither with a dash nor with a point or a space.' : null
}
