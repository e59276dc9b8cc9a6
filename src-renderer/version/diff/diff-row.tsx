import { ChevronsDown, ChevronsUp, UnfoldVertical } from 'lucide-react'
import { memo } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { counted } from '../../ui/count.ts'
import { LineText } from './line-text.tsx'
import type { ShownLine, ShownRow } from './messages.ts'
import type { LineRange } from './rows.ts'
import { UNFOLD } from './use-diff.ts'

export interface RowActions {
  readonly onWhole: (line: ShownLine) => void
  readonly onUnfold: (gap: number, part: 'top' | 'bottom' | 'all') => void
  /** Absent: lines cannot be put back. */
  readonly onRestoreLines?: ((range: LineRange) => void) | undefined
}

interface DiffRowProps extends RowActions {
  /** One content: its lines have one number. */
  readonly alone: boolean
  readonly row: ShownRow | undefined
}

export const DiffRow = memo(function DiffRow({ row, alone, ...actions }: DiffRowProps) {
  if (!row) return <div className="diff-loading" />
  switch (row.kind) {
    case 'pair':
      return (
        <div className="diff-pair">
          <Cell line={row.left} onWhole={actions.onWhole} isOld />
          <Cell line={row.right} onWhole={actions.onWhole} />
        </div>
      )
    case 'line':
      return <Cell line={row.line} onWhole={actions.onWhole} both={!alone} />
    case 'fold':
      return <Fold gap={row.gap} count={row.count} onUnfold={actions.onUnfold} />
    case 'bar':
      return (
        <div className="diff-bar" role="cell">
          {actions.onRestoreLines && (
            <Button look="quiet" onClick={() => actions.onRestoreLines?.(row.range)}>
              Restore these lines
            </Button>
          )}
        </div>
      )
  }
})

interface CellProps {
  readonly line: ShownLine | null
  readonly onWhole: (line: ShownLine) => void
  readonly isOld?: boolean
  /** Numbers of both sides. */
  readonly both?: boolean
}

const signs = { same: ' ', added: '+', removed: '−' } as const
const heard = { same: '', added: '+ added, ', removed: '− removed, ' } as const

function Cell({ line, onWhole, isOld = false, both = false }: CellProps) {
  if (!line) return <div className="diff-cell nothing" role="cell" />
  const shown = isOld ? line.old : line.now
  return (
    <div className={`diff-cell ${line.kind}`} role="cell">
      {both && (
        <span className="diff-number" aria-hidden="true">
          {line.old}
        </span>
      )}
      <span className="diff-number" aria-hidden="true">
        {both ? line.now : shown}
      </span>
      <span className="diff-sign" aria-hidden="true">
        {signs[line.kind]}
      </span>
      <span className="heard">
        {heard[line.kind]}line {shown ?? line.old}:{' '}
      </span>
      <span className="diff-code">
        <span className="diff-text">
          <LineText line={line} onWhole={onWhole} />
        </span>
      </span>
    </div>
  )
}

interface FoldProps extends Pick<RowActions, 'onUnfold'> {
  readonly gap: number
  readonly count: number | null
}

function Fold({ gap, count, onUnfold }: FoldProps) {
  const few = count !== null && count <= UNFOLD
  return (
    <div className="diff-fold" role="cell">
      {!few && gap > 0 && (
        <IconButton label={`Show ${UNFOLD} lines more`} onClick={() => onUnfold(gap, 'top')}>
          <ChevronsDown size={14} />
        </IconButton>
      )}
      {!few && count !== null && (
        <IconButton label={`Show ${UNFOLD} lines before`} onClick={() => onUnfold(gap, 'bottom')}>
          <ChevronsUp size={14} />
        </IconButton>
      )}
      <button type="button" onClick={() => onUnfold(gap, 'all')}>
        <UnfoldVertical size={14} aria-hidden="true" />
        {count === null
          ? 'The rest of the file, which is the same'
          : `${counted(count, 'line')} that ${count === 1 ? 'is' : 'are'} the same`}
      </button>
    </div>
  )
}
