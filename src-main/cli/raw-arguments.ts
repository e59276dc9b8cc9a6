import { readFileSync } from 'node:fs'
import { pathToText } from '../../src-preload/path-text.ts'

/**
 * The arguments of this process. Node decodes them as UTF-8 and loses bytes that are not; those arguments are taken
 * from the kernel instead and written as path-text.ts does, so that any file can be named.
 */
export function rawArguments(argv: readonly string[] = process.argv): string[] {
  const decoded = argv.slice(2)
  if (!decoded.some((argument) => argument.includes('\ufffd'))) return decoded
  const bytes = readFileSync('/proc/self/cmdline').toString('latin1').split('\0').slice(0, -1)
  return decoded.map((argument, index) => {
    const raw = bytes[bytes.length - decoded.length + index]
    return raw !== undefined && argument.includes('\ufffd') ? pathToText(raw) : argument
  })
}
