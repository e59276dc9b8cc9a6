import { ChevronDown, Search, X } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { goWithin, type HistoryPlace } from '../state/route.ts'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { visible } from '../ui/visible.ts'
import { brushOf, noFilter } from './filters.ts'
import { spanWords } from './scrub/ticks.ts'

interface TopBarProps {
  readonly place: HistoryPlace
  /** Those that were seen so far, the latest first. */
  readonly programs: readonly string[]
  readonly field: RefObject<HTMLInputElement | null>
  /** Down from the field: into what it found. */
  readonly onDown: () => void
}

const kinds = [
  ['create', 'New'],
  ['edit', 'Changed'],
  ['rename', 'Renamed'],
  ['delete', 'Deleted'],
  ['restore', 'Restored'],
  ['import', 'Taken in'],
] as const

/** Typing goes on without a step back for each letter. */
const TYPING_MS = 180

export function TopBar({ place, programs, field, onDown }: TopBarProps) {
  const { filter, program, kind, within } = place
  const now = Date.now()
  const brush = brushOf(place, now)
  const all = filter === undefined && program === undefined && kind === undefined && within === undefined && !brush
  const chip = (label: string, on: boolean, run: () => void): React.ReactNode => (
    <button type="button" className={on ? 'chip on' : 'chip'} aria-pressed={on} onClick={run}>
      {label}
    </button>
  )
  const programItems: MenuItem[] = programs.map((name) => ({
    kind: 'item',
    label: visible(name),
    checked: name === program,
    run: () => goWithin({ program: name }),
  }))
  if (programItems.length === 0) programItems.push({ kind: 'heading', label: 'No program is known yet' })
  if (program !== undefined)
    programItems.push(
      { kind: 'line' },
      { kind: 'item', label: 'Any program', run: () => goWithin({ program: undefined }) },
    )
  const kindItems: MenuItem[] = [
    ...kinds.map(([value, label]): MenuItem => ({
      kind: 'item',
      label,
      checked: value === kind,
      run: () => goWithin({ kind: value }),
    })),
    { kind: 'line' },
    { kind: 'item', label: 'Anything', run: () => goWithin({ kind: undefined }) },
  ]
  const kindWords = kinds.find(([value]) => value === kind)?.[1]
  return (
    <div className="history-top">
      <SearchField text={place.text ?? ''} field={field} onDown={onDown} />
      <div className="chips" role="group" aria-label="Which moments">
        {chip('All', all, () => goWithin(noFilter))}
        {chip('Deleted', filter === 'deleted', () =>
          goWithin({ filter: filter === 'deleted' ? undefined : 'deleted' }),
        )}
        {chip('Named', filter === 'named', () => goWithin({ filter: filter === 'named' ? undefined : 'named' }))}
        <Menu items={programItems}>
          <button type="button" className={program === undefined ? 'chip' : 'chip on'}>
            {program === undefined ? 'By program' : visible(program)} <ChevronDown size={12} aria-hidden />
          </button>
        </Menu>
        <Menu items={kindItems}>
          <button type="button" className={kind === undefined ? 'chip' : 'chip on'}>
            {kindWords ?? kind ?? 'Kind'} <ChevronDown size={12} aria-hidden />
          </button>
        </Menu>
        {brush && (
          <button type="button" className="chip on" onClick={() => goWithin({ since: undefined, until: undefined })}>
            <span className="clip">{spanWords(brush, now)}</span>{' '}
            <X size={12} aria-label="Look at all of the time again" />
          </button>
        )}
        {within !== undefined && (
          <button type="button" className="chip on" onClick={() => goWithin({ within: undefined })}>
            <span className="clip">{visible(within)}</span> <X size={12} aria-label="Look everywhere again" />
          </button>
        )}
      </div>
    </div>
  )
}

interface SearchFieldProps {
  readonly text: string
  readonly field: RefObject<HTMLInputElement | null>
  readonly onDown: () => void
}

function SearchField({ text, field, onDown }: SearchFieldProps) {
  const [typed, setTyped] = useState(text)
  const [known, setKnown] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  // Back and forward change the text as well.
  if (known !== text) {
    setKnown(text)
    if (text !== typed.trim()) setTyped(text)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  const search = (value: string): void => {
    setTyped(value)
    clearTimeout(timer.current)
    const wanted = value.trim()
    const begins = text === ''
    timer.current = setTimeout(
      () => goWithin({ text: wanted === '' ? undefined : wanted }, { replace: !begins }),
      TYPING_MS,
    )
  }
  const clear = (): void => {
    search('')
    field.current?.focus()
  }
  return (
    <div className="search" role="search">
      <Search size={14} aria-hidden />
      <input
        ref={field}
        type="text"
        value={typed}
        placeholder="Search names, messages and past text"
        aria-label="Search names, messages and past text"
        aria-keyshortcuts="Control+F"
        spellCheck={false}
        onChange={(event) => search(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') clear()
          else if (event.key === 'ArrowDown' || event.key === 'Enter') onDown()
          else return
          event.preventDefault()
        }}
      />
      {typed === '' ? (
        <kbd>Ctrl F</kbd>
      ) : (
        <button type="button" className="icon-button" aria-label="Clear the search" onClick={clear}>
          <X size={14} />
        </button>
      )}
    </div>
  )
}
