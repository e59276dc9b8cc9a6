import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useProjects } from '../state/projects.ts'
import { go } from '../state/route.ts'
import { useOverlay } from '../state/dialogs.ts'
import { Skeleton } from '../ui/notice.tsx'
import { RecentLists } from './recent-lists.tsx'
import { readQuery } from './search-query.ts'
import { SearchResults } from './search-results.tsx'
import { Welcome } from './welcome.tsx'
import './entrance.css'

/** For someone in a fright: one field over all projects, and what went lately. */
export function Entrance({ text }: { readonly text: string }) {
  const projects = useProjects((store) => store.projects)
  const [typed, setTyped] = useState(text)
  const field = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const covered = useOverlay((store) => store.overlay !== null)
  useEffect(() => setTyped((now) => (now.trim() === text ? now : text)), [text])
  useEffect(() => {
    if (!covered) field.current?.focus()
  }, [covered, projects === null])
  if (projects?.length === 0) return <Welcome />
  const change = (value: string): void => {
    setTyped(value)
    const wanted = value.trim()
    go(wanted === '' ? { screen: 'entrance' } : { screen: 'entrance', text: wanted }, { replace: true })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const [first] = body.current?.querySelectorAll<HTMLElement>('[data-row]') ?? []
    if (event.key === 'Escape' && typed !== '') {
      event.preventDefault()
      change('')
    } else if (event.key === 'ArrowDown' && first) {
      event.preventDefault()
      first.focus()
    } else if (event.key === 'Enter' && typed.trim() !== '' && first) {
      event.preventDefault()
      const button = first.parentElement?.querySelector<HTMLElement>('.button')
      if (event.ctrlKey || event.metaKey) button?.click()
      else first.click()
    }
  }
  const toField = (): void => field.current?.focus()
  const query = readQuery(typed, { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  return (
    <div className="entrance">
      <h1 id="entrance-title">Which file or folder?</h1>
      <div className="big-field">
        <input
          ref={field}
          type="search"
          data-home
          aria-labelledby="entrance-title"
          placeholder="Type a name, a sentence it contained, or when you last had it"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">Ctrl K</kbd>
      </div>
      <div ref={body}>
        {projects === null ? (
          <Skeleton rows={5} />
        ) : typed.trim() === '' ? (
          <RecentLists projects={projects} onLeave={toField} />
        ) : (
          <SearchResults projects={projects.map(({ name }) => name)} query={query} onLeave={toField} />
        )}
      </div>
    </div>
  )
}
