const plain = new Intl.NumberFormat('en')

/** With thousands apart: 1,214. */
export function number(n: number): string {
  return plain.format(n)
}

/** "1 file", "1,214 files". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`
}

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** Bytes in decimal units, two digits where there are few: 84 KB, 1.2 MB. */
export function size(bytes: number): string {
  let unit = 0
  let value = bytes
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]!}`
}
