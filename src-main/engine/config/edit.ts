import { isDeepStrictEqual } from 'node:util'
import { parse, stringify } from 'smol-toml'
import { IzeError } from '../ize-error.ts'
import { fullName, readToml, tryParse, type Statement } from './statements.ts'

/**
 * Sets (or with `undefined` removes) one dotted key in the text of a TOML file, line by line: everything else, comments
 * and order included, stays as it was. A comment on the line of the old value is kept.
 * Errors: E_CONFIG_SYNTAX when the file is not valid TOML.
 */
export function editToml(text: string, file: string, key: string, value: unknown): string {
  const toml = readToml(text, file)
  const lines = [...toml.lines]
  const old = toml.statements.find((statement) => statement.leaves.some(([leaf]) => fullName(statement, leaf) === key))
  if (old) {
    lines.splice(old.firstLine, old.lastLine - old.firstLine + 1, ...rewritten(lines, old, key, value))
  } else if (value === undefined) {
    return text
  } else {
    const { line, name, header } = placeFor(toml, key)
    lines.splice(
      line,
      0,
      ...(header ? [...(line > 0 && lines[line - 1] !== '' ? [''] : []), header] : []),
      assignment(name, value),
    )
  }
  const edited = lines.join('\n')
  const result = edited === '' || edited.endsWith('\n') ? edited : `${edited}\n`
  if (!isDeepStrictEqual(lookUp(parse(result), key), value)) {
    throw new IzeError(
      'E_CONFIG_SYNTAX',
      `${file} cannot be edited safely: ${key} is written in a form Ize does not follow; please edit it by hand.`,
      { file, key },
    )
  }
  return result
}

function assignment(name: string, value: unknown): string {
  return stringify({ x: value }).trimEnd().replace(/^x = /, `${name} = `)
}

/** The statement's lines with the key changed or gone; what else an inline table sets is written out. */
function rewritten(lines: readonly string[], statement: Statement, key: string, value: unknown): string[] {
  const comment = commentAfter(lines[statement.lastLine]!, statement)
  return statement.leaves.flatMap(([leaf, old]) => {
    if (fullName(statement, leaf) !== key) return [assignment(leaf, old)]
    return value === undefined ? [] : [assignment(leaf, value) + comment]
  })
}

function commentAfter(line: string, statement: Statement): string {
  if (statement.firstLine !== statement.lastLine) return ''
  const whole = tryParse(line)
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    const before = line.slice(0, at)
    if (isDeepStrictEqual(tryParse(before), whole)) return line.slice(before.trimEnd().length)
  }
  return ''
}

function placeFor(toml: ReturnType<typeof readToml>, key: string): { line: number; name: string; header?: string } {
  const dot = key.lastIndexOf('.')
  const table = dot === -1 ? '' : key.slice(0, dot)
  const name = key.slice(dot + 1)
  const firstHeader = toml.headers[0]?.line
  const within = toml.statements.filter((statement) => statement.table === table)
  const header = toml.headers.find((found) => found.table === table)
  if (within.length > 0 && (table === '' || header)) return { line: within.at(-1)!.lastLine + 1, name }
  if (header) return { line: header.line + 1, name }
  const contentEnd = toml.lines.at(-1) === '' ? toml.lines.length - 1 : toml.lines.length
  if (table === '') return { line: firstHeader ?? contentEnd, name }
  // `user.name = …` without a header: TOML forbids a [user] table beside it, so the new key goes next to it.
  const dotted = toml.statements.filter(
    (statement) => statement.table === '' && statement.leaves.some(([leaf]) => leaf.startsWith(`${table}.`)),
  )
  if (dotted.length > 0) return { line: dotted.at(-1)!.lastLine + 1, name: key }
  return { line: contentEnd, name, header: `[${table}]` }
}

function lookUp(parsed: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], parsed)
}
