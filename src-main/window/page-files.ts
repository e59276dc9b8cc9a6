import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

/** Nothing but what lies in the pages' folder is loaded or run; colours and sizes may be set by script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "frame-src 'none'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
}

export interface Page {
  readonly data: Buffer
  readonly type: string
  readonly headers: Record<string, string>
}

/** A file of the window's pages with its headers; null: there is none of that name. `connect`: whom they may speak to. */
export async function readPage(folder: string, pathname: string, connect: readonly string[]): Promise<Page | null> {
  const type = types[extname(pathname)]
  const file = join(folder, normalize(pathname))
  if (!type || !file.startsWith(`${folder}/`) || file.includes('\0')) return null
  try {
    const data = await readFile(file)
    const headers = {
      'Content-Type': type,
      'Content-Security-Policy': [...POLICY, ["connect-src 'self'", ...connect].join(' ')].join('; '),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    }
    return { data, type, headers }
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}
