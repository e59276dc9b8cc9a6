import { ChevronLeft } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Moment, useProject, useProjects } from '../state/projects.ts'
import { goWithin, type HistoryPlace } from '../state/route.ts'
import { isThere } from '../shell/kept-focus.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failure, Skeleton } from '../ui/notice.tsx'
import { instantOf } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'
import { VersionPane } from '../version/version-pane.tsx'
import type { ChangedFile } from './files/changed.ts'
import { useChanges } from './files/changes-list.tsx'
import { FilesPane } from './files/files-pane.tsx'
import { useVersions } from './files/versions-list.tsx'
import { brushOf, filterWords, noFilter, programsSeen, questionOf } from './filters.ts'
import { defaultPath, defaultSides, momentName, type Sides } from './moments/choose.ts'
import { MomentsPane } from './moments/moments-pane.tsx'
import { UndoDialog, undoMoment, type UndoQuestion } from './moments/undo-moment.tsx'
import { useMoments } from './moments/use-moments.ts'
import { type PaneKeys, paneKeys } from './pane-keys.ts'
import { Scrubber } from './scrub/scrubber.tsx'
import { SearchPane } from './search/search-pane.tsx'
import { TopBar } from './top-bar.tsx'
import { useMoment } from './use-moment.ts'
import './history.css'

interface HistoryScreenProps {
  readonly project: string
  readonly place: HistoryPlace
}

/** When, what, how did it look: each pane narrows the next. */
export function HistoryScreen({ project, place }: HistoryScreenProps) {
  const known = useProject(project)
  const grown = useGrown(known?.id ?? null)
  const question = useMemo(() => questionOf(project, place), [project, place])
  const loaded = useMoments(question, grown)
  const { shown, fresh } = loaded.moments
  // A filter leaves few programs in the list; those that were seen without it can still be chosen.
  const [programs, setPrograms] = useState<readonly string[]>([])
  useEffect(() => setPrograms((before) => programsSeen(before, shown)), [shown])
  const chosen = useMoment(project, place.moment, shown)
  const { moment } = chosen
  const within = place.within ?? ''
  const changes = useChanges(project, moment, within)
  const path = place.path ?? (moment && (defaultPath(moment) ?? changes.items[0]?.path ?? null))
  const versions = useVersions(project, path === '' ? null : path, grown)
  const newest = moment !== null && fresh.length === 0 && isNewest(moment, shown, place)
  const action = actionOf(moment, path, changes.items)
  const sides = sidesFrom(place, moment, newest, action)
  const [asked, setAsked] = useState<UndoQuestion | null>(null)
  const lists = { left: useRef<HTMLDivElement>(null), files: useRef<HTMLDivElement>(null) }
  const [field, version] = [useRef<HTMLInputElement>(null), useRef<HTMLDivElement>(null)]
  useSearchKey(field)

  const onChoose = useCallback((to: Moment, { settle }: { settle: boolean }) => {
    goWithin(
      { moment: momentName(to), path: undefined, from: undefined, to: undefined, at: undefined },
      { replace: settle },
    )
  }, [])
  const onOperation = useCallback((to: Moment, file: string, hash: string) => {
    goWithin({ moment: momentName(to), path: file, from: hash, to: undefined })
  }, [])
  const onUndo = useCallback(
    (to: Moment) => void undoMoment(project, to).then((open) => open && setAsked(open)),
    [project],
  )
  const toFiles = useFocusOnceThere(lists.files)
  const toVersion = useCallback(() => version.current?.focus(), [version])
  const now = Date.now()
  const searching = place.text !== undefined
  const files = moment !== null || chosen.state !== 'none' || place.at !== undefined || place.view !== undefined
  const depth = place.path !== undefined ? 'version' : files ? 'files' : 'moments'
  /** To the nearest of the lists that is in sight; in a narrow window there is none, and it is one step back. */
  const backTo = (...targets: readonly React.RefObject<HTMLElement | null>[]): void => {
    const to = targets.find(({ current }) => current && isThere(current))
    if (to) to.current?.focus()
    else back(depth)
  }
  const keys: Record<'moments' | 'files' | 'version', PaneKeys> = {
    moments: { left: null, right: toVersion },
    files: { left: () => backTo(lists.left), right: toVersion },
    version: { left: () => backTo(lists.files, lists.left), right: null },
  }

  return (
    <div className="history">
      <h1 className="heard">History of {visible(project)}</h1>
      <div className="history-rows" data-depth={depth}>
        <TopBar place={place} programs={programs} field={field} onDown={() => lists.left.current?.focus()} />
        <Scrubber
          project={project}
          within={place.within ?? null}
          brush={brushOf(place, now)}
          mark={moment && instantOf(moment.time)}
          grown={grown}
        />
        <div className="back-bar">
          <Button look="quiet" icon={<ChevronLeft size={14} />} onClick={() => back(depth)}>
            Back
          </Button>
          <span className="clip">{depth === 'version' ? visible(path ?? '') : ''}</span>
        </div>
        <div className="panes">
          <section
            className="pane moments-pane"
            aria-label={searching ? 'Found' : 'Moments'}
            onKeyDown={paneKeys(keys.moments)}
          >
            {searching ? (
              <SearchPane
                key={place.text}
                project={project}
                place={place}
                text={place.text ?? ''}
                grown={grown}
                onEnter={toVersion}
                list={lists.left}
              />
            ) : (
              <MomentsPane
                project={project}
                loaded={loaded}
                chosen={moment?.first ?? null}
                onChoose={onChoose}
                onOperation={onOperation}
                onUndo={onUndo}
                onEnter={toFiles}
                list={lists.left}
                empty={
                  <NoMoments words={filterWords(place, now)} mountPoint={known?.mounted ? known.mountPoint : null} />
                }
              />
            )}
          </section>
          <section className="pane files-place" aria-label="Files" onKeyDown={paneKeys(keys.files)}>
            {chosen.state === 'loading' && <Skeleton rows={6} />}
            {chosen.state === 'failed' && <Failure error={chosen.error} />}
            {chosen.state === 'gone' && <GoneMoment />}
            {(chosen.state === 'ready' || chosen.state === 'none') && (
              <FilesPane
                project={project}
                place={place}
                moment={moment}
                newest={newest}
                changes={changes}
                versions={versions}
                path={path}
                sides={sides}
                action={action}
                grown={grown}
                onUndo={onUndo}
                onEnter={toVersion}
                list={lists.files}
              />
            )}
          </section>
          <section
            className="pane version-place"
            aria-label="The version"
            tabIndex={-1}
            ref={version}
            onKeyDown={paneKeys(keys.version)}
          >
            {path === null ? (
              shown.length > 0 && (
                <Empty title="Choose a moment">Then a file, to see how it looked and to put it back.</Empty>
              )
            ) : (
              <VersionPane project={project} path={path} from={sides.from} to={sides.to} />
            )}
          </section>
        </div>
      </div>
      {asked && <UndoDialog {...asked} project={project} onClose={() => setAsked(null)} />}
    </div>
  )
}

/** Focuses it, or does so once it is there: what was chosen has to come first. */
function useFocusOnceThere(element: React.RefObject<HTMLElement | null>): () => void {
  const from = useRef<Element | null>(null)
  useEffect(() => {
    if (from.current === null || !element.current) return
    // Unless the focus went elsewhere meanwhile.
    if (document.activeElement === from.current) element.current.focus()
    from.current = null
  })
  return useCallback(() => {
    if (element.current) element.current.focus()
    else from.current = document.activeElement
  }, [element])
}

function useGrown(id: string | null): string {
  return useProjects(
    ({ grown, engine }) => `${engine.kind === 'running' ? engine.pid : 0}:${id === null ? 0 : (grown[id] ?? 0)}`,
  )
}

/** Nothing is known to have come after it. */
function isNewest(
  moment: Moment,
  shown: readonly Moment[],
  { until, filter, kind, program, within }: HistoryPlace,
): boolean {
  const whole = [until, filter, kind, program, within].every((part) => part === undefined)
  return whole && shown[0]?.first === moment.first
}

function actionOf(moment: Moment | null, path: string | null, changes: readonly ChangedFile[]): string | null {
  const is = (one: { path: string }): boolean => one.path === path
  return moment?.paths.find(is)?.action ?? changes.find(is)?.action ?? null
}

function sidesFrom(place: HistoryPlace, moment: Moment | null, newest: boolean, action: string | null): Sides {
  if (moment && place.from === undefined && place.to === undefined) return defaultSides(moment, action, newest)
  return { from: place.from ?? null, to: place.to ?? null }
}

/** Ctrl+F searches within the project; everywhere else the window's own meaning of it holds. */
function useSearchKey(field: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      event.stopImmediatePropagation()
      field.current?.focus()
      field.current?.select()
    }
    addEventListener('keydown', heard, { capture: true })
    return () => removeEventListener('keydown', heard, { capture: true })
  }, [field])
}

/** In a narrow window: to the pane before. */
function back(depth: 'version' | 'files' | 'moments'): void {
  if (depth === 'version') goWithin({ path: undefined, from: undefined, to: undefined })
  else goWithin({ moment: undefined, path: undefined, from: undefined, to: undefined, at: undefined, view: undefined })
}

function NoMoments({ words, mountPoint }: { readonly words: string; readonly mountPoint: string | null }) {
  if (words !== '')
    return (
      <Empty title="No moments" action={<Button onClick={() => goWithin(noFilter)}>Show all moments</Button>}>
        There are none {visible(words)}.
      </Empty>
    )
  return (
    <Empty title="No history yet">
      {mountPoint === null
        ? 'Once the project is mounted, whatever is done in it is remembered.'
        : `Whatever is done in ${visible(mountPoint)} from now on is remembered.`}
    </Empty>
  )
}

function GoneMoment() {
  return (
    <Empty title="No longer kept" action={<Button onClick={() => back('files')}>Show what is kept</Button>}>
      This moment is not in the history, or no longer: the retention of this project may have let it go.
    </Empty>
  )
}
