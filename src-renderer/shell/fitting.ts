/** Those that have all the words, wherever they stand. */
export function fitting<T extends { readonly name: string }>(all: readonly T[], typed: string): readonly T[] {
  const words = typed.toLowerCase().split(/\s+/)
  return all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
}
