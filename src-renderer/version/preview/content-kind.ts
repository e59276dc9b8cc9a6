/** How a content is shown. */
export type ContentKind = 'text' | 'markdown' | 'image' | 'pdf' | 'hex'

const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  apng: 'image/apng',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  svg: 'image/svg+xml',
}

export function endingOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 1 ? '' : name.slice(dot + 1).toLowerCase()
}

/** MIME type of a picture, by its name; null: it is none. */
export function imageType(path: string): string | null {
  return images[endingOf(path)] ?? null
}

/** `text`: as the engine found. */
export function contentKind(path: string, text: boolean, size: number, limit: number): ContentKind {
  if (imageType(path) !== null && size <= limit) return 'image'
  if (endingOf(path) === 'pdf') return 'pdf'
  if (!text || size > limit) return 'hex'
  return ['md', 'markdown'].includes(endingOf(path)) ? 'markdown' : 'text'
}
