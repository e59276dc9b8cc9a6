import { protocol } from 'electron'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

/** Where the windows' pages are: a scheme of our own, so that their origin is theirs alone. */
export const PAGE_ORIGIN = 'ize-app://window'
const SCHEME = 'ize-app'

/** Nothing but what lies in the pages' folder is loaded or run; colours and sizes may be set by script. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'media-src blob:',
  "object-src 'none'",
  'frame-src blob:',
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
}

/** Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePages(folder: string): void {
  // Only `protocol.handle` is left in new versions, and only the other one is there in the runtime for tests.
  if (typeof (protocol as Partial<typeof protocol>).handle === 'function') {
    protocol.handle(SCHEME, async (request) => {
      const page = await readPage(folder, request.url)
      return page
        ? new Response(new Uint8Array(page.data), { headers: page.headers })
        : new Response(null, { status: 404 })
    })
    return
  }
  protocol.registerBufferProtocol(SCHEME, (request, answer) => {
    void readPage(folder, request.url).then((page) =>
      answer(page ? { data: page.data, mimeType: page.type, headers: page.headers } : { error: -6 }),
    )
  })
}

async function readPage(
  folder: string,
  url: string,
): Promise<{ data: Buffer; type: string; headers: Record<string, string> } | null> {
  const { host, pathname } = new URL(url)
  const type = types[extname(pathname)]
  if (`${SCHEME}://${host}` !== PAGE_ORIGIN || !type) return null
  const file = join(folder, normalize(decodeURIComponent(pathname)))
  if (!file.startsWith(`${folder}/`)) return null
  try {
    const data = await readFile(file)
    const headers = {
      'Content-Type': type,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
    }
    return { data, type, headers }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
