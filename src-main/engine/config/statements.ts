import { parse, TomlError } from 'smol-toml'
import { IzeError } from '../ize-error.ts'

/** One `key = value` of a TOML file: where it stands and what it sets. Lines count from 0. */
export interface Statement {
  /** The header it stands under, `''` for none. */
  readonly table: string
  readonly firstLine: number
  readonly lastLine: number
  /** Dotted names below the table, with values; an inline table counts as its leaves. */
  readonly leaves: readonly (readonly [name: string, value: unknown])[]
}

export interface Header {
  readonly table: string
  readonly line: number
}

export interface TomlFile {
  readonly lines: readonly string[]
  readonly headers: readonly Header[]
  readonly statements: readonly Statement[]
}

/**
 * Splits a TOML file into its statements, so that each setting has a line and can be edited without touching the rest.
 * The parser itself decides where a statement ends: it is the shortest run of lines that parses.
 * Errors: E_CONFIG_SYNTAX with file and line.
 */
export function readToml(text: string, file: string): TomlFile {
  try {
    parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const what = error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? 'not TOML'
    throw new IzeError(
      'E_CONFIG_SYNTAX',
      `${file}, line ${error.line}: this is not valid TOML (${what}).`,
      { file, line: error.line },
      { cause: error },
    )
  }
  const lines = text.split('\n')
  const headers: Header[] = []
  const statements: Statement[] = []
  let table = ''
  for (let first = 0; first < lines.length; first++) {
    const line = lines[first]!
    if (/^\s*(#|$)/.test(line)) continue
    if (/^\s*\[/.test(line)) {
      table = leafNames(parse(`${line}\nx = 0`))[0]![0].replace(/\.?x$/, '')
      headers.push({ table, line: first })
      continue
    }
    let last = first
    let parsed = tryParse(line)
    while (!parsed && last + 1 < lines.length) parsed = tryParse(lines.slice(first, ++last + 1).join('\n'))
    if (!parsed)
      throw new IzeError('E_CONFIG_SYNTAX', `${file}, line ${first + 1}: this is not valid TOML.`, {
        file,
        line: first + 1,
      })
    statements.push({ table, firstLine: first, lastLine: last, leaves: leafNames(parsed) })
    first = last
  }
  return { lines, headers, statements }
}

export function fullName(statement: Statement, leaf: string): string {
  return statement.table === '' ? leaf : `${statement.table}.${leaf}`
}

export function tryParse(text: string): Record<string, unknown> | null {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof TomlError) return null
    throw error
  }
}

function leafNames(value: unknown, prefix = ''): [string, unknown][] {
  const array = Array.isArray(value) && value.length > 0 && value.every((item) => isTable(item))
  const tables = isTable(value) ? value : array ? (value[0] as Record<string, unknown>) : null
  if (!tables || (prefix !== '' && Object.keys(tables).length === 0)) return [[prefix, value]]
  return Object.entries(tables).flatMap(([name, below]) => leafNames(below, prefix === '' ? name : `${prefix}.${name}`))
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
