import type { Result } from '../../../src-preload/contract.ts'
import { count } from '../format.ts'
import type { Output } from '../output.ts'

type Effects = Result<'history.undo'>['effects']

/** What a restore would do, path by path, and how much of each. */
export function printPreview(out: Output, effects: Effects): void {
  const marks = [
    ['created', out.paint('green', '+')],
    ['overwritten', out.paint('yellow', '~')],
    ['removed', out.paint('red', '-')],
  ] as const
  for (const [kind, mark] of marks) {
    const { count: all, paths } = effects[kind]
    out.lines(paths.map((path) => `${mark} ${out.path(path)}`))
    if (all > paths.length) out.line(`${mark} … and ${count(all - paths.length, 'more path')}`)
  }
  const said = marks.map(([kind]) => `${effects[kind].count.toLocaleString('en')} ${kind}`)
  out.line(`Would be: ${said.join(', ')}. Nothing was done.`)
}
