import {
  ArrowDown,
  ArrowLeftRight,
  ArrowUp,
  ChevronLeft,
  ChevronRight,
  GripVertical,
  Info,
  MoreHorizontal,
  Settings2,
} from 'lucide-react'
import type { AppSettings } from '../../src-preload/app-contract.ts'
import { call, sentenceOf } from '../bridge/call.ts'
import { changeSettings } from '../state/settings.ts'
import { say } from '../state/toasts.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { Segmented } from '../ui/segmented.tsx'

type DiffSettings = AppSettings['diff']

interface HeaderProps {
  readonly name: string
  readonly headline: string
  /** What dragging it out gives; null: nothing. */
  readonly drag: { readonly project: string; readonly path: string; readonly version?: string } | null
  readonly settings: DiffSettings
  /** There is room for two sides. */
  readonly wide: boolean
  /** What stands above the two sides; null: there is one. */
  readonly labels: readonly [string, string] | null
  /** Two texts are compared. */
  readonly compared: boolean
  /** Changes there are, and the one that is looked at, from 0. */
  readonly changes: number | null
  readonly change: number
  readonly onJump: (step: 1 | -1) => void
  readonly onOlder: (() => void) | null
  readonly onNewer: (() => void) | null
  readonly onSwap: (() => void) | null
  readonly details: boolean
  readonly onDetails: (() => void) | null
  /** Null: there is nothing that could be forgotten. */
  readonly onForget: (() => void) | null
}

export function Header(props: HeaderProps) {
  const { name, headline, drag, settings, wide, compared, changes, labels } = props
  const dragOut = (event: React.DragEvent): void => {
    event.preventDefault()
    if (drag) call('app.dragVersion', drag).catch((error: unknown) => say('problem', sentenceOf(error)))
  }
  return (
    <header>
      <div className="version-header">
        <div
          className="version-title"
          draggable={drag !== null}
          onDragStart={dragOut}
          title={drag ? 'Drag it out of the window to have a copy of this version' : undefined}
        >
          {drag && <GripVertical size={14} aria-hidden="true" />}
          <h2 className="clip" title={name}>
            {name}
          </h2>
          <span className="mute clip">{headline}</span>
        </div>
        {compared && wide && changes !== 0 && (
          <Segmented<DiffSettings['layout']>
            label="Layout"
            value={settings.layout}
            options={[
              { value: 'side-by-side', label: 'Side by side' },
              { value: 'inline', label: 'Inline' },
            ]}
            onChange={(layout) => setDiff({ ...settings, layout })}
          />
        )}
      </div>
      <div className={wide && compared && settings.layout === 'side-by-side' ? 'version-bar halves' : 'version-bar'}>
        <div>
          {labels && <span className="clip">{labels[0]}</span>}
          {(props.onOlder || props.onNewer) && (
            <>
              <IconButton label="Older version ([)" disabled={!props.onOlder} onClick={() => props.onOlder?.()}>
                <ChevronLeft size={15} />
              </IconButton>
              <IconButton label="Newer version (])" disabled={!props.onNewer} onClick={() => props.onNewer?.()}>
                <ChevronRight size={15} />
              </IconButton>
            </>
          )}
        </div>
        <div>
          {labels && <span className="clip">{labels[1]}</span>}
          <Tools {...props} />
        </div>
      </div>
    </header>
  )
}

function Tools(props: HeaderProps) {
  const { settings, compared, changes, change, onJump, onSwap, details, onDetails, onForget } = props
  return (
    <div className="version-tools">
      {compared && changes !== null && changes > 0 && (
        <>
          <span className="version-count">{change < 0 ? changes : `${change + 1} / ${changes}`}</span>
          <IconButton label="Previous change (p)" onClick={() => onJump(-1)}>
            <ArrowUp size={15} />
          </IconButton>
          <IconButton label="Next change (n)" onClick={() => onJump(1)}>
            <ArrowDown size={15} />
          </IconButton>
        </>
      )}
      {onSwap && (
        <IconButton label="Swap the sides" onClick={onSwap}>
          <ArrowLeftRight size={15} />
        </IconButton>
      )}
      {onDetails && (
        <IconButton label="Details of this version" aria-pressed={details} onClick={onDetails}>
          <Info size={15} />
        </IconButton>
      )}
      <Menu align="end" items={choices(settings, compared)}>
        <IconButton label="How it is shown">
          <Settings2 size={15} />
        </IconButton>
      </Menu>
      {onForget && (
        <Menu align="end" items={[{ kind: 'item', label: 'Forget…', danger: true, run: onForget }]}>
          <IconButton label="More for this file">
            <MoreHorizontal size={15} />
          </IconButton>
        </Menu>
      )}
    </div>
  )
}

function setDiff(diff: DiffSettings): void {
  changeSettings({ diff }).catch((error: unknown) => say('problem', sentenceOf(error)))
}

function choices(settings: DiffSettings, compared: boolean): readonly MenuItem[] {
  const choice = (label: string, key: 'words' | 'ignoreWhiteSpace' | 'wrap'): MenuItem => ({
    kind: 'item',
    label,
    checked: settings[key],
    run: () => setDiff({ ...settings, [key]: !settings[key] }),
  })
  const wrap = choice('Wrap long lines', 'wrap')
  return compared ? [choice('Mark words', 'words'), choice('Ignore white space', 'ignoreWhiteSpace'), wrap] : [wrap]
}
