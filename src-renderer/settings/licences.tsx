import { useCallback, useState } from 'react'
import { number } from '../ui/count.ts'
import { moveBetweenRows } from '../ui/list-keys.ts'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { useLoaded } from '../version/use-loaded.ts'

/** What scripts/lib/licences.mjs writes beside the pages. */
interface Shipped {
  readonly packages: readonly {
    readonly name: string
    readonly version: string
    readonly licence: string
    /** Numbers of its texts. */
    readonly texts: readonly number[]
  }[]
  readonly texts: readonly string[]
}

/** Whose work Ize is made with: each with its licence, and the text of it when it is opened. */
export function Licences() {
  const load = useCallback(async () => (await (await fetch('licences.json')).json()) as Shipped, [])
  const loaded = useLoaded(load)
  return (
    <section className="panel">
      <h2>Licences</h2>
      <p>
        Ize is free software under the GNU General Public License, version 3 or later; it comes with no warranty.
        {loaded.state === 'ready' &&
          ` It is made with the work of others, in ${number(loaded.value.packages.length)} packages:`}
      </p>
      {loaded.state === 'loading' && <Skeleton rows={6} />}
      {loaded.state === 'failed' && <Failure error={loaded.error} />}
      {loaded.state === 'ready' && (
        <ul
          className="licences"
          aria-label="Licences of what Ize is made with"
          onKeyDown={(event) => moveBetweenRows(event)}
        >
          {loaded.value.packages.map((one, index) => (
            <Package key={`${one.name} ${one.version}`} {...one} all={loaded.value.texts} isFirst={index === 0} />
          ))}
        </ul>
      )}
    </section>
  )
}

type PackageProps = Shipped['packages'][number] & { readonly all: Shipped['texts']; readonly isFirst: boolean }

/** The tabulator stops once; arrows go on from there. */
function Package({ name, version, licence, texts, all, isFirst }: PackageProps) {
  const [open, setOpen] = useState(false)
  const title = (
    <>
      {name} {version} <span className="mute">{licence}</span>
    </>
  )
  if (texts.length === 0) return <li className="licence">{title}</li>
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary data-row tabIndex={isFirst ? 0 : -1}>
          {title}
        </summary>
        {open && <pre>{texts.map((text) => all[text]).join('\n\n')}</pre>}
      </details>
    </li>
  )
}
