import { isMet, type Figure, type Unit } from './figure.ts'

const HEAD = ['', 'machine', 'load', 'ext4', 'bindfs', 'Ize', '÷ ext4', '÷ bindfs', 'in history', 'target', 'met']
const STORE_HEAD = ['', 'machine', 'git', 'restic', 'borg', 'openssl', 'Ize', 'target', 'met']
const APP_HEAD = ['', 'Ize', 'target', 'met']
const WORDS = new Set(['', 'machine', 'load', 'target', 'met'])

interface Table {
  readonly head: readonly string[]
  readonly cells: (figure: Figure) => string[]
}

/** Plain text, one line for each figure, columns aligned; notes follow below. The store and the app have tables of their own. */
export function textTable(figures: readonly Figure[]): string {
  return tables(figures, textOf)
}

/** The same for docs/performance.md. */
export function markdownTable(figures: readonly Figure[]): string {
  return tables(figures, markdownOf)
}

type Print = (figures: readonly Figure[], table: Table) => string

function tables(figures: readonly Figure[], print: Print): string {
  const of = (part: string): readonly Figure[] => figures.filter(({ row }) => row.startsWith(part))
  const [ofStore, ofApp] = [of('store-'), of('app-')]
  const ofMount = figures.filter((one) => !ofStore.includes(one) && !ofApp.includes(one))
  const parts = [
    ...(ofMount.length > 0 || figures.length === 0 ? [print(ofMount, { head: HEAD, cells })] : []),
    ...(ofStore.length > 0 ? [print(ofStore, { head: STORE_HEAD, cells: storeCells })] : []),
    ...(ofApp.length > 0 ? [print(ofApp, { head: APP_HEAD, cells: appCells })] : []),
  ]
  return parts.join('\n\n')
}

function textOf(figures: readonly Figure[], { head, cells }: Table): string {
  const rows = [head, ...figures.map(cells)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        !WORDS.has(head[column] as string)
          ? cell.padStart(widths[column] as number)
          : cell.padEnd(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  )
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)))
  return [lines[0], rule, ...lines.slice(1), ...notes(figures)].join('\n')
}

function markdownOf(figures: readonly Figure[], { head, cells }: Table): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const rule = head.map((_, column) => (!WORDS.has(head[column] as string) ? '--:' : '---'))
  return [line(head), line(rule), ...figures.map((figure) => line(cells(figure))), ...notes(figures)].join('\n')
}

function notes(figures: readonly Figure[]): string[] {
  const told = new Set(figures.filter(({ note }) => note !== '').map(({ title, note }) => `${title}: ${note}`))
  return told.size === 0 ? [] : ['', ...[...told].map((note) => `- ${note}`)]
}

function cells(figure: Figure): string[] {
  const { ext4, bindfs, ize } = figure.values
  const met = isMet(figure)
  return [
    figure.title,
    figure.machine,
    figure.load,
    amount(ext4, figure.unit),
    amount(bindfs, figure.unit),
    amount(ize, figure.unit),
    ratio(ize, ext4),
    ratio(ize, bindfs),
    figure.history === null ? '' : amount(figure.history, 's'),
    figure.target,
    met === null ? '' : met ? 'yes' : 'NO',
  ]
}

function storeCells(figure: Figure): string[] {
  const { values, unit, title, machine, target } = figure
  const shown = (['git', 'restic', 'borg', 'openssl', 'ize'] as const).map((name) => amount(values[name], unit))
  const met = isMet(figure)
  return [title, machine, ...shown, target, met === null ? '' : met ? 'yes' : 'NO']
}

function appCells(figure: Figure): string[] {
  const met = isMet(figure)
  return [figure.title, amount(figure.values.ize, figure.unit), figure.target, met === null ? '' : met ? 'yes' : 'NO']
}

export function amount(value: number | undefined, unit: Unit): string {
  if (value === undefined) return ''
  const digits = value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return unit === 'per write' ? value.toFixed(3) : `${value.toFixed(digits)} ${unit}`
}

function ratio(value: number | undefined, to: number | undefined): string {
  return value === undefined || to === undefined || to <= 0 ? '' : (value / to).toFixed(2)
}
