import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'

/** Errno numbers (positive) by name: what `node:os` knows, and what it leaves out of Linux's list. */
export const errno = {
  ...constants.errno,
  ENONET: 64,
  ECOMM: 70,
  EUCLEAN: 117,
  ESHUTDOWN: 108,
  EHOSTDOWN: 112,
  EREMOTEIO: 121,
  ENOMEDIUM: 123,
} as const

const aliases = new Set(['EAGAIN', 'EDEADLK', 'ENOTSUP'])

function namesByNumber(): Map<number, string> {
  const names = new Map<number, string>()
  // EAGAIN and EWOULDBLOCK, say, are one number: the first name is the one that programs print.
  for (const [name, number] of Object.entries(errno)) {
    if (!names.has(number) || aliases.has(name)) names.set(number, name)
  }
  return names.set(errno.EOPNOTSUPP, 'EOPNOTSUPP')
}

const names = namesByNumber()

/** The name of an errno of either sign: 'ENOENT'; 'E123' for one without a name. */
export function errnoName(n: number): string {
  return names.get(Math.abs(n)) ?? `E${Math.abs(n)}`
}

/** The result of a call of the native addon as it is, when it is no error; else throws what `systemError` makes. */
export function check(n: number, what: string): number {
  if (n < 0) throw systemError(n, what)
  return n
}

/** `check` for calls that return something else than a number when they succeed. */
export function checked<T extends object | string>(value: T | number, what: string): T {
  if (typeof value === 'number') throw systemError(value, what)
  return value
}

/**
 * An error as Node makes them: `code` is the name, `errno` the negative number, `syscall` the first word of `what`.
 * @param what the call and what it was about: `openAt projects/x/dirty`
 */
export function systemError(n: number, what: string): NodeJS.ErrnoException {
  const code = errnoName(n)
  const words = getSystemErrorMap().get(-Math.abs(n))?.[1] ?? 'system error'
  const error: NodeJS.ErrnoException = new Error(`${code}: ${words}, ${what}`)
  error.code = code
  error.errno = -Math.abs(n)
  error.syscall = what.split(' ', 1)[0] ?? what
  return error
}
