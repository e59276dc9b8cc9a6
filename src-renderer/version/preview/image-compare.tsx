import { useState } from 'react'
import { Failure, Skeleton } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { ContentOf } from '../read-content.ts'
import { ImageView, usePicture } from './image-view.tsx'

type Way = 'side' | 'swipe' | 'difference'

interface ImageCompareProps {
  readonly from: ContentOf
  readonly to: ContentOf
  readonly labels: readonly [string, string]
}

/** Two versions of a picture: beside each other, one over the other up to a line, or only what differs. */
export function ImageCompare({ from, to, labels }: ImageCompareProps) {
  const [way, setWay] = useState<Way>('side')
  return (
    <div className="image-compare">
      <Segmented<Way>
        label="How pictures are compared"
        value={way}
        options={[
          { value: 'side', label: 'Beside' },
          { value: 'swipe', label: 'Swipe' },
          { value: 'difference', label: 'Difference' },
        ]}
        onChange={setWay}
      />
      {way === 'side' ? (
        <div className="image-sides">
          <ImageView of={from} label={labels[0]} />
          <ImageView of={to} label={labels[1]} />
        </div>
      ) : (
        <Overlaid from={from} to={to} labels={labels} way={way} />
      )}
    </div>
  )
}

function Overlaid({ from, to, labels, way }: ImageCompareProps & { readonly way: 'swipe' | 'difference' }) {
  const [old, now] = [usePicture(from), usePicture(to)]
  const [part, setPart] = useState(50)
  for (const side of [old, now]) if (side.state === 'failed') return <Failure error={side.error} />
  if (old.state !== 'ready' || now.state !== 'ready') return <Skeleton />
  return (
    <>
      <div className={`image-overlaid ${way}`}>
        <img src={old.value.url} alt={labels[0]} draggable={false} />
        <img
          src={now.value.url}
          alt={labels[1]}
          draggable={false}
          style={way === 'swipe' ? { clipPath: `inset(0 0 0 ${part}%)` } : undefined}
        />
      </div>
      {way === 'swipe' ? (
        <input
          type="range"
          min={0}
          max={100}
          value={part}
          aria-label={`From ${labels[0]} to ${labels[1]}`}
          onChange={({ target }) => setPart(Number(target.value))}
        />
      ) : (
        <p className="mute">Black is the same in both.</p>
      )}
    </>
  )
}
