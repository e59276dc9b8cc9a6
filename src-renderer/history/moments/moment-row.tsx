import { ChevronRight, Tag, Undo2 } from 'lucide-react'
import { memo } from 'react'
import type { Moment } from '../../state/projects.ts'
import { clockTime, wholeTime } from '../../ui/time.ts'
import { visible } from '../../ui/visible.ts'
import { NameForm } from './name-form.tsx'
import { programWords, wordsOf } from './words.ts'

interface MomentRowProps {
  readonly project: string
  readonly moment: Moment
  readonly open: boolean
  /** The row that keys act on: what is in it can be tabbed to. */
  readonly active: boolean
  readonly naming: boolean
  readonly onToggle: (moment: Moment) => void
  readonly onName: (moment: Moment | null) => void
  readonly onNamed: (moment: Moment) => void
  readonly onUndo: (moment: Moment) => void
}

export const MomentRow = memo(function MomentRow(props: MomentRowProps) {
  const { project, moment, open, active, naming, onToggle, onName, onNamed, onUndo } = props
  const { who, what, gone, detail } = wordsOf(moment)
  const tab = active ? 0 : -1
  const name = `${who} ${what ?? ''}`.trim()
  return (
    <div className={`moment${moment.kind === 'restore' ? ' restored' : ''}`}>
      <time dateTime={moment.time} title={wholeTime(moment.time)}>
        {clockTime(moment.time)}
      </time>
      <div className="moment-text">
        <div className="moment-title">
          <span className="clip">
            <b>{visible(who)}</b> {what !== null && visible(what)}
          </span>
          {gone !== null && (
            <span className="gone clip" title={gone}>
              {gone}
            </span>
          )}
          {moment.names.map((given) => (
            <span key={given} className="badge clip" title={visible(given)}>
              {visible(given)}
            </span>
          ))}
        </div>
        {naming ? (
          <NameForm project={project} moment={moment} onDone={onNamed} onCancel={() => onName(null)} />
        ) : (
          <small className={moment.kind === 'restore' ? 'with-link' : 'clip'} title={visible(detail.slice(0, 2000))}>
            {moment.kind === 'restore' ? (
              <>
                {detail !== '' && <span className="clip">{visible(detail.slice(0, 400))} ·</span>}
                <button type="button" className="link" tabIndex={tab} onClick={stopping(() => onUndo(moment))}>
                  Undo<span className="heard"> {visible(name)}</span>
                </button>
              </>
            ) : (
              visible(detail.slice(0, 400))
            )}
          </small>
        )}
      </div>
      {!naming && (
        <div className="moment-actions">
          {moment.kind !== 'restore' && moment.kind !== 'seal' && moment.before !== null && (
            <button
              type="button"
              className="icon-button"
              tabIndex={tab}
              title={`Undo all that ${visible(programWords(moment.programs))} did here`}
              aria-label={`Undo ${visible(name)}`}
              onClick={stopping(() => onUndo(moment))}
            >
              <Undo2 size={14} />
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            tabIndex={tab}
            title="Give it a name"
            aria-label={`Name ${visible(name)}`}
            onClick={stopping(() => onName(moment))}
          >
            <Tag size={14} />
          </button>
          <button
            type="button"
            className={`icon-button${open ? ' open' : ''}`}
            tabIndex={tab}
            title={open ? 'Hide the operations' : 'Show the operations'}
            aria-label={`${open ? 'Hide' : 'Show'} the operations of ${visible(name)}`}
            aria-expanded={open}
            onClick={stopping(() => onToggle(moment))}
          >
            <ChevronRight size={14} />
          </button>
        </div>
      )}
    </div>
  )
})

/** What is done in a row does not choose the row. */
function stopping(run: () => void): (event: { stopPropagation: () => void }) => void {
  return (event) => {
    event.stopPropagation()
    run()
  }
}
