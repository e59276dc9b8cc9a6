import { memo } from 'react'
import { number } from '../../ui/count.ts'
import type { Segment } from './segments.ts'
import type { ShownLine } from './messages.ts'

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
      {line.segments.map((segment, index) => (
        <Run key={index} segment={segment} />
      ))}
      {line.after > 0 && <span className="diff-more">… {number(line.after)} more</span>}
      {line.endless && (
        <span className="diff-endless" title="The file ends here, without an end of line">
          no end of line
        </span>
      )}
    </>
  )
})

function Run({ segment: { text, colour, word, odd } }: { readonly segment: Segment }) {
  const names = [colour && `syntax-${colour}`, word && 'word', odd && `odd-${odd}`].filter(Boolean)
  return names.length === 0 ? text : <span className={names.join(' ')}>{text}</span>
}
