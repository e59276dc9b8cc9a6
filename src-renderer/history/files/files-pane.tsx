import { Filter, Undo2 } from 'lucide-react'
import { useState, type RefObject } from 'react'
import type { Moment } from '../../state/projects.ts'
import { goWithin, type HistoryPlace } from '../../state/route.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { clockTime, dayName } from '../../ui/time.ts'
import { visible } from '../../ui/visible.ts'
import { type Comparison, comparisonOf, type Sides, sidesOf } from '../moments/choose.ts'
import { programWords } from '../moments/words.ts'
import type { LoadedPages } from '../use-pages.ts'
import type { ChangedFile } from './changed.ts'
import { ChangesList } from './changes-list.tsx'
import { TreeList } from './tree-list.tsx'
import type { Gone } from './tree.ts'
import type { Entry } from './versions.ts'
import { VersionsList } from './versions-list.tsx'

interface FilesPaneProps {
  readonly project: string
  readonly place: HistoryPlace
  readonly moment: Moment | null
  readonly newest: boolean
  readonly changes: LoadedPages<ChangedFile>
  readonly versions: LoadedPages<Entry>
  /** What is looked at, and from which sides. */
  readonly path: string | null
  readonly sides: Sides
  /** What the moment did to it; null: not known. */
  readonly action: string | null
  readonly grown: unknown
  readonly onUndo: (moment: Moment) => void
  readonly onEnter: () => void
  readonly list: RefObject<HTMLDivElement | null>
}

/** What the moment did, or the files as they were then; and below all versions of the one that is looked at. */
export function FilesPane(props: FilesPaneProps) {
  const { project, place, moment, newest, changes, versions, path, sides, action, grown, onUndo, onEnter, list } = props
  const [showGone, setShowGone] = useState(false)
  const view = place.view === 'tree' || !moment ? (place.view === 'versions' ? 'versions' : 'tree') : 'changes'
  const at = treeTime(place, moment)
  const chooseFile = (file: ChangedFile, settle: boolean): void =>
    goWithin({ path: file.path, from: undefined, to: undefined }, { replace: settle })
  const chooseInTree = (chosen: string, gone: Gone | null, settle: boolean): void => {
    const from = gone ? gone.last : (at.version ?? undefined)
    goWithin({ path: chosen, from, to: undefined }, { replace: settle })
  }
  const chooseVersion = (entry: Entry, before: Entry | null, now: boolean, settle: boolean): void => {
    const [from, to] = now ? [before?.hash, before ? undefined : entry.hash] : [entry.hash, undefined]
    goWithin({ path: path ?? entry.path, from, to }, { replace: settle })
  }
  const comparison = moment && comparisonOf(sides, moment, newest)
  return (
    <div className="files-pane">
      <section className="files-top">
        <header className="pane-head">
          {moment ? (
            <Segmented
              label="What is listed"
              value={view === 'changes' ? 'changes' : 'tree'}
              options={[
                { value: 'changes', label: 'This moment' },
                { value: 'tree', label: 'All files then' },
              ]}
              onChange={(value) => goWithin({ view: value === 'tree' ? 'tree' : undefined })}
            />
          ) : (
            <h2>{at.words}</h2>
          )}
        </header>
        {view === 'changes' && moment && (
          <ChangesList
            project={project}
            moment={moment}
            changes={changes}
            chosen={path}
            onChoose={chooseFile}
            onEnter={onEnter}
            list={list}
          />
        )}
        {view === 'tree' && (
          <>
            <label className="show-gone" title={`The files ${at.words}`}>
              <input type="checkbox" checked={showGone} onChange={(event) => setShowGone(event.target.checked)} />
              Deleted ones too
            </label>
            <TreeList
              project={project}
              version={at.version}
              time={at.time}
              showGone={showGone}
              chosen={path}
              onChoose={chooseInTree}
              onEnter={onEnter}
              list={list}
            />
          </>
        )}
        {view === 'changes' && moment && (
          <footer className="moment-foot">
            {path !== null && (
              <Segmented<Comparison | 'other'>
                label="What is compared"
                value={comparison ?? 'other'}
                options={comparisonsOf(action)}
                onChange={(value) => value !== 'other' && compare(moment, value, newest)}
              />
            )}
            {moment.before !== null && moment.count > 0 && (
              <Button look="quiet" icon={<Undo2 size={14} />} onClick={() => onUndo(moment)}>
                <span className="clip">{undoLabel(moment)}</span>
              </Button>
            )}
          </footer>
        )}
      </section>
      {path !== null && path !== '' && (
        <section className="files-versions">
          <header className="pane-head">
            <h2 className="clip" title={visible(path)}>
              Versions of {visible(path.slice(path.lastIndexOf('/') + 1))}
            </h2>
            {place.within !== path && (
              <IconButton label="Show only the moments that touched it" onClick={() => goWithin({ within: path })}>
                <Filter size={14} />
              </IconButton>
            )}
          </header>
          <VersionsList
            key={path}
            project={project}
            path={path}
            versions={versions}
            moment={place.from === undefined || place.from === moment?.before ? moment : null}
            sides={sides}
            grown={grown}
            onChoose={chooseVersion}
            onEnter={onEnter}
            list={view === 'versions' ? list : null}
          />
        </section>
      )}
    </div>
  )
}

const comparisons = [
  { value: 'did', label: 'What it did' },
  { value: 'before-now', label: 'Before' },
  { value: 'after-now', label: 'After' },
] as const

/** What was not there has no side to look at. */
function comparisonsOf(action: string | null): readonly { value: Comparison; label: string }[] {
  return comparisons.filter(
    ({ value }) => !(value === 'before-now' && action === 'create') && !(value === 'after-now' && action === 'delete'),
  )
}

function undoLabel(moment: Moment): string {
  if (moment.kind === 'restore') return 'Undo this restore'
  return `Undo all that ${visible(programWords(moment.programs))} did`
}

function compare(moment: Moment, comparison: Comparison, newest: boolean): void {
  const { from, to } = sidesOf(moment, comparison, newest)
  goWithin({ from: from ?? undefined, to: to ?? undefined })
}

/** When the tree is shown: after the moment; before one that only deleted, so that there is something to see. */
function treeTime(
  { at }: HistoryPlace,
  moment: Moment | null,
): { readonly version: string | null; readonly time: string | null; readonly words: string } {
  if (at !== undefined) return { version: at, time: null, words: 'As it was then' }
  if (!moment) return { version: null, time: null, words: 'Files now' }
  const when = `${dayName(moment.time)} ${clockTime(moment.time)}`
  if (moment.before !== null && moment.removed > 0 && moment.removed === moment.count)
    return { version: moment.before, time: moment.from, words: `before ${when}` }
  return { version: moment.after, time: moment.time, words: `after ${when}` }
}
