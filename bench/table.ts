import { isMet, type Figure, type Unit } from './figure.ts'

const HEAD = ['', 'machine', 'load', 'ext4', 'bindfs', 'Ize', '÷ ext4', '÷ bindfs', 'in history', 'target', 'met']
const NUMBERS = new Set([3, 4, 5, 6, 7, 8])

/** Plain text, one line for each figure, columns aligned; notes follow below. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        NUMBERS.has(column) ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number),
      )
      .join('  ')
      .trimEnd(),
  )
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)))
  return [lines[0], rule, ...lines.slice(1), ...notes(figures)].join('\n')
}

/** The same for docs/performance.md. */
export function markdownTable(figures: readonly Figure[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const rule = HEAD.map((_, column) => (NUMBERS.has(column) ? '--:' : '---'))
  return [line(HEAD), line(rule), ...figures.map((figure) => line(cells(figure))), ...notes(figures)].join('\n')
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

export function amount(value: number | undefined, unit: Unit): string {
  if (value === undefined) return ''
  const digits = value === 0 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3
  return unit === 'per write' ? value.toFixed(3) : `${value.toFixed(digits)} ${unit}`
}

function ratio(value: number | undefined, to: number | undefined): string {
  return value === undefined || to === undefined || to <= 0 ? '' : (value / to).toFixed(2)
}
