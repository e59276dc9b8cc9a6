/** Ends a switch over a union: the compiler complains when a case is missing, the program when a value is impossible. */
export function assertNever(value: never, what: string): never {
  throw new Error(`Impossible ${what}: ${JSON.stringify(value)}`)
}
