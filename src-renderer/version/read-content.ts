import type { Result } from '../../src-preload/contract.ts'
import { call, CallError } from '../bridge/call.ts'
import { bytesOf } from './diff/base64.ts'

export type ContentInfo = Result<'content.open'>

export interface ContentOf {
  readonly project: string
  readonly path: string
  /** Null: now. */
  readonly version: string | null
}

/** Contents up to here are shown line by line, as pictures or as Markdown. */
export const READ_LIMIT = 16 * 1024 * 1024

/** Lets `use` read a version, and closes it whatever happens. */
export async function withContent<T>(of: ContentOf, use: (info: ContentInfo) => Promise<T>): Promise<T> {
  const { project, path, version } = of
  const info = await call('content.open', { project, path, ...(version === null ? {} : { version }) })
  try {
    return await use(info)
  } finally {
    // It ends with the connection at the latest.
    call('content.close', { content: info.content }).catch(() => undefined)
  }
}

/** All bytes of an opened version. Errors: E_OBJECT_LARGE beyond `READ_LIMIT`. */
export async function readAll({ content, size, path }: ContentInfo): Promise<ArrayBuffer> {
  if (size > READ_LIMIT) throw new CallError('E_OBJECT_LARGE', `"${path}" is too large to be shown here.`, {})
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size;) {
    const piece = await readPiece(content, at)
    if (piece.length === 0) break
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes.buffer
}

/** The piece that begins at a byte; how long it is the engine chooses. */
export async function readPiece(content: number, at: number): Promise<Uint8Array> {
  const { bytes } = await call('content.read', { content, at })
  return bytesOf(bytes)
}
