import { useCallback, useEffect, useState } from 'react'
import { Failure, Skeleton } from '../../ui/notice.tsx'
import { size as sizeText } from '../../ui/count.ts'
import { type ContentOf, readAll, withContent } from '../read-content.ts'
import { useLoaded } from '../use-loaded.ts'
import { imageType } from './content-kind.ts'

export interface Picture {
  readonly url: string
  readonly bytes: number
}

/** A picture as a blob of the page: nothing is fetched from anywhere, and nothing in it is run. */
export function usePicture({ project, path, version }: ContentOf): ReturnType<typeof useLoaded<Picture>> {
  const load = useCallback(
    () =>
      withContent({ project, path, version }, async (info) => {
        const blob = new Blob([await readAll(info)], { type: imageType(path) ?? 'image/png' })
        return { url: URL.createObjectURL(blob), bytes: info.size }
      }),
    [project, path, version],
  )
  const loaded = useLoaded(load)
  const url = loaded.state === 'ready' ? loaded.value.url : null
  useEffect(() => () => (url === null ? undefined : URL.revokeObjectURL(url)), [url])
  return loaded
}

interface ImageViewProps {
  readonly of: ContentOf
  readonly label: string
  readonly onSize?: (size: { width: number; height: number }) => void
}

export function ImageView({ of, label, onSize }: ImageViewProps) {
  const loaded = usePicture(of)
  const [measured, setMeasured] = useState<string | null>(null)
  const [broken, setBroken] = useState(false)
  if (loaded.state === 'loading') return <Skeleton />
  if (loaded.state === 'failed') return <Failure error={loaded.error} />
  const { url, bytes } = loaded.value
  return (
    <figure className="image">
      {broken ? (
        <p className="mute">This is not a picture that can be shown.</p>
      ) : (
        <img
          src={url}
          alt={label}
          draggable={false}
          onError={() => setBroken(true)}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
            setMeasured(`${width} × ${height}`)
            onSize?.({ width, height })
          }}
        />
      )}
      <figcaption>
        {label} · {measured === null ? '' : `${measured} · `}
        {sizeText(bytes)}
      </figcaption>
    </figure>
  )
}
