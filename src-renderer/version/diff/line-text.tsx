import { memo, type ReactNode } from 'react'
import { number } from '../../ui/count.ts'
import type { Runs, ShownLine } from './messages.ts'

interface LineTextProps {
  readonly line: ShownLine
  /** Shows all of a line that is too long to be shown at once. */
  readonly onWhole: (line: ShownLine) => void
}

/** The characters of a line, each run in its look. Everything is text: nothing in it is markup. */
export const LineText = memo(function LineText({ line, onWhole }: LineTextProps) {
  const hidden = line.before + line.after
  return (
    <>
      {hidden > 0 && (
        <button type="button" className="diff-whole" onClick={() => onWhole(line)}>
          {line.before > 0 ? '… ' : ''}show all {number(line.length)}
        </button>
      )}
      {runsOf(line.runs)}
      {line.after > 0 && <span className="diff-more">… {number(line.after)} more</span>}
      {line.endless && (
        <span className="diff-endless" title="The file ends here, without an end of line">
          no end of line
        </span>
      )}
    </>
  )
})

function runsOf(runs: Runs): ReactNode[] {
  const shown: ReactNode[] = []
  for (let at = 0; at < runs.length; at += 2) {
    const [text, look] = [runs[at], runs[at + 1]]
    shown.push(
      look === '' ? (
        text
      ) : (
        <span key={at} className={look}>
          {text}
        </span>
      ),
    )
  }
  return shown
}
