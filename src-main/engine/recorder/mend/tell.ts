import { pathToText } from '../../../../src-preload/path-text.ts'
import type { Difference } from './mending.ts'

const SHOWN = 3

/** What a person is told of a mending; null: there is nothing to tell. */
export function tellMended(differences: readonly Difference[]): string | null {
  const of = (...kinds: Difference['what'][]): Difference[] => differences.filter(({ what }) => kinds.includes(what))
  const put = of('missing', 'misplaced', 'changed', 'removed')
  const [kept, lost] = [of('kept'), of('lost')]
  const said = [
    put.length > 0 ? `${count(put, 'was', 'were')} brought up to date` : null,
    kept.length > 0 ? `${count(kept, 'was', 'were')} in the way and kept under another name (${named(kept)})` : null,
    lost.length > 0 ? `${count(lost, 'is', 'are')} in no place that Ize knows (${named(lost)})` : null,
  ].filter((one) => one !== null)
  return said.length === 0 ? null : `The machine had stopped while files were being taken in: ${said.join('; ')}.`
}

function count(list: readonly Difference[], one: string, more: string): string {
  return list.length === 1 ? `1 file ${one}` : `${list.length} files ${more}`
}

function named(list: readonly Difference[]): string {
  const names = list.slice(0, SHOWN).map(({ path, as }) => `"${pathToText(as ?? path)}"`)
  return list.length > SHOWN ? `${names.join(', ')} and ${list.length - SHOWN} more` : names.join(', ')
}
