import { useCallback, useEffect, useRef, useState } from 'react'
import { useQuery } from '../bridge/use-query.ts'
import { LinesConflict } from '../restore/lines-conflict.tsx'
import { type LinesQuestion, restoreLines } from '../restore/restore.ts'
import { openOverlay } from '../state/dialogs.ts'
import { useProject, useProjects } from '../state/projects.ts'
import { goWithin } from '../state/route.ts'
import { useSettings } from '../state/settings.ts'
import { counted } from '../ui/count.ts'
import { Failure, Skeleton } from '../ui/notice.tsx'
import { splitPath, visible } from '../ui/visible.ts'
import { Actions } from './actions.tsx'
import { Details } from './details.tsx'
import type { LineRange } from './diff/rows.ts'
import { FileView, type Outline } from './file-view.tsx'
import { FolderView } from './folder/folder-view.tsx'
import { Header } from './header.tsx'
import { type Entry, headline, sideLabel } from './labels.ts'
import { Preview } from './preview/preview.tsx'
import { isPruned, neighbours, type Presence, restoreChoices, type Side } from './sides.ts'
import { useWide } from './use-wide.ts'
import { usePresence } from './use-presence.ts'
import './version-pane.css'

export interface VersionPaneProps {
  readonly project: string
  /** The file or folder, as text of path-text.ts. */
  readonly path: string
  /** Version names: what is compared. Null `from`: only `to` is shown. Null `to`: now. */
  readonly from: string | null
  readonly to: string | null
}

/** Narrower, lines stand below each other. */
const WIDE = 500
/** Versions of a file that are listed for going from one to the next. */
const VERSIONS = 500

const defaults = { layout: 'side-by-side', words: true, ignoreWhiteSpace: false, wrap: false } as const

/** One file (or folder) in time: compared, previewed, restored. */
export function VersionPane(props: VersionPaneProps) {
  // Another file begins anew, with nothing of the one before.
  return <Pane key={`${props.project}\n${props.path}`} {...props} />
}

function Pane({ project, path, from, to }: VersionPaneProps) {
  const id = useProject(project)?.id
  const stale = useProjects(({ grown }) => (id === undefined ? 0 : (grown[id] ?? 0)))
  const now = usePresence(project, path, null, stale)
  const earlier = usePresence(project, path, from, stale, from !== null)
  const later = usePresence(project, path, to, stale, to !== null)
  const shownLater = to === null ? now : later
  const failed = [from === null ? null : earlier, shownLater].find((side) => side?.error)
  const sides = {
    from: from === null ? null : earlier.presence && { version: from, presence: earlier.presence },
    to: shownLater.presence && { version: to, presence: shownLater.presence },
  }
  if (failed?.error) {
    return (
      <section className="version-pane" aria-label={visible(path)} tabIndex={-1}>
        <Failure
          error={failed.error}
          {...(from === null && to === null
            ? { onAgain: failed.again }
            : { label: 'Show the newest version', onAgain: () => goWithin({ from: undefined, to: undefined }) })}
        />
      </section>
    )
  }
  if (!sides.to || (from !== null && !sides.from)) {
    return (
      <section className="version-pane" aria-label={visible(path)} tabIndex={-1}>
        <Skeleton rows={14} />
      </section>
    )
  }
  return (
    <Shown
      {...{ project, path, stale }}
      from={sides.from}
      to={sides.to}
      now={now.presence ?? { kind: 'not-yet', why: '' }}
    />
  )
}

interface ShownProps {
  readonly project: string
  readonly path: string
  readonly stale: number
  readonly from: Side | null
  readonly to: Side
  readonly now: Presence
}

function Shown({ project, path, stale, from, to, now }: ShownProps) {
  const settings = useSettings(({ settings }) => settings)
  const letters = settings?.letterShortcuts ?? true
  const shownAs = settings?.diff ?? defaults
  const pane = useRef<HTMLElement>(null)
  const wide = useWide(pane, WIDE)
  const [outline, setOutline] = useState<Outline | null>(null)
  const [change, setChange] = useState(-1)
  const [jump, setJump] = useState<{ count: number; step: 1 | -1 }>({ count: 0, step: 1 })
  const [details, setDetails] = useState(false)
  const [question, setQuestion] = useState<LinesQuestion | null>(null)

  const isFolder = [from, to].some((side) => side?.presence.kind === 'folder')
  const entries = useQuery('history.entries', isFolder ? null : { project, path, limit: VERSIONS }, { stale })
  const versions: readonly Entry[] = entries.data?.entries ?? []
  const entryOf = (side: Side | null): Entry | null => {
    if (side?.presence.kind === 'deleted') return null
    const { presence } = side ?? {}
    return presence?.kind === 'file'
      ? (versions.find(({ version }) => version === presence.entry.version) ?? null)
      : null
  }
  const [fromEntry, toEntry] = [entryOf(from), entryOf(to)]
  const compared = from?.presence.kind === 'file' && to.presence.kind === 'file'
  const name = path === '' ? project : splitPath(path).name
  const same = compared && outline?.same === true && to.version === null
  const choices = same ? { main: null, others: [] } : restoreChoices(name, from, to, now)
  const labels = [
    sideLabel(fromEntry, versions, from?.version === null, true),
    sideLabel(toEntry, versions, to.version === null, false),
  ] as const

  const slide = (step: 'older' | 'newer'): (() => void) | null => {
    const moving = from === null || from.presence.kind !== 'file' ? toEntry : fromEntry
    const next = neighbours(versions, moving?.version ?? null)[step]
    if (!next) return null
    if (from === null) return () => goWithin({ to: next.hash })
    if (to.version === null) return () => goWithin({ from: next.hash })
    const end = neighbours(versions, toEntry?.version ?? null)[step]
    return () => goWithin({ from: next.hash, to: end?.hash })
  }
  const [older, newer] = [slide('older'), slide('newer')]
  const newest = versions[0]?.hash
  const swap =
    from !== null && compared && (to.version ?? newest) !== undefined
      ? () => goWithin({ from: to.version ?? newest, to: from.version ?? undefined })
      : null

  const keyDown = (event: React.KeyboardEvent): void => {
    if (!letters || event.ctrlKey || event.altKey || event.metaKey) return
    if ((event.target as HTMLElement).closest('input, textarea, select')) return
    const go = event.key === '[' ? older : event.key === ']' ? newer : null
    if (!go) return
    event.preventDefault()
    go()
  }
  const fromVersion = from?.version ?? null
  const onRestoreLines = useCallback(
    (range: LineRange, shownTo: string) => {
      if (fromVersion === null) return
      void restoreLines({ project, path, from: fromVersion, to: shownTo, ...range }).then(setQuestion)
    },
    [project, path, fromVersion],
  )
  useEffect(() => {
    setChange(-1)
    setOutline(null)
  }, [from?.version, to.version])

  const main = from !== null && from.presence.kind !== 'deleted' && from.presence.kind !== 'not-yet' ? from : to
  const there = main.presence.kind === 'file' || main.presence.kind === 'folder'
  const kept = there && !isPruned(main.presence)
  const detailed =
    from !== null && fromEntry ? { entry: fromEntry, side: from } : toEntry && { entry: toEntry, side: to }
  const isNow = to.version === null
  return (
    <section className="version-pane" ref={pane} aria-label={visible(path) || name} tabIndex={-1} onKeyDown={keyDown}>
      <Header
        {...{ name, wide, change, details }}
        labels={compared ? labels : null}
        compared={compared}
        headline={headline(fromEntry, toEntry, from !== null, isNow)}
        drag={kept && !isFolder ? { project, path, ...(main.version === null ? {} : { version: main.version }) } : null}
        settings={shownAs}
        changes={compared ? (outline?.changes ?? null) : null}
        onJump={(step) => setJump(({ count }) => ({ count: count + 1, step }))}
        onOlder={older}
        onNewer={newer}
        onSwap={swap}
        onDetails={detailed ? () => setDetails(!details) : null}
        onForget={
          isFolder || versions.length === 0
            ? null
            : () => openOverlay({ kind: 'forget', project, path, version: main.version })
        }
      />
      {details && detailed && (
        <Details
          entry={detailed.entry}
          tree={detailed.side.presence.kind === 'file' ? detailed.side.presence.entry : null}
        />
      )}
      <p className="heard" role="status">
        {outline && compared
          ? `${counted(outline.changes, 'change')}: ${counted(outline.added, 'line')} added, ${counted(outline.removed, 'line')} removed.`
          : ''}
        {change >= 0 && ` Change ${change + 1} of ${outline?.changes ?? 0}.`}
      </p>
      <Absence from={from} to={to} />
      <div className="version-body">
        {isFolder ? (
          <FolderView {...{ project, path, stale }} from={from?.version ?? null} to={to.version} />
        ) : from?.presence.kind === 'file' && to.presence.kind === 'file' ? (
          <>
            <FileView
              {...{ project, path, labels, stale, jump }}
              from={from.version ?? ''}
              to={to.version}
              fromEntry={from.presence.entry}
              toEntry={to.presence.entry}
              layout={wide ? shownAs.layout : 'inline'}
              words={shownAs.words}
              ignoreSpace={shownAs.ignoreWhiteSpace}
              wrap={shownAs.wrap}
              onOutline={setOutline}
              onRestoreLines={onRestoreLines}
              onChangeShown={setChange}
            />
          </>
        ) : there ? (
          <Preview
            key={String(kept)}
            {...{ project, path }}
            version={main.version}
            wrap={shownAs.wrap}
            label={main === from ? labels[0] : labels[1]}
          />
        ) : null}
      </div>
      <Actions {...{ project, path, name, choices, isFolder, stale }} version={kept ? main.version : undefined} />
      {question && <LinesConflict {...question} onClose={() => setQuestion(null)} onAsked={setQuestion} />}
    </section>
  )
}

/** Says that one side is not there. */
function Absence({ from, to }: Pick<ShownProps, 'from' | 'to'>) {
  const { presence } = to
  if (presence.kind === 'deleted') {
    const when = to.version === null ? 'It is not there now' : 'It was deleted then'
    return (
      <p className="version-absence gone" role="note">
        − {when}
        {from !== null && from.presence.kind === 'file' ? '; this is how it was before.' : `. ${presence.why}`}
      </p>
    )
  }
  if (presence.kind === 'not-yet') return <p className="version-absence">{presence.why}</p>
  if (from?.presence.kind === 'not-yet' || from?.presence.kind === 'deleted') {
    return (
      <p className="version-absence new" role="note">
        + It was not there before; this is how it came.
      </p>
    )
  }
  return null
}
