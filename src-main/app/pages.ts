import { protocol } from 'electron'
import { type Page, readPage } from '../window/page-files.ts'

const SCHEME = 'ize-app'
/** Where the windows' pages are: a scheme of our own, so that their origin is theirs alone. */
export const PAGE_ORIGIN = `${SCHEME}://window`
/** Chromium's number for a file that is not there. */
const FILE_NOT_FOUND = -6

/** Before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePages(folder: string): void {
  const pageAt = async (url: string): Promise<Page | null> => {
    const { host, pathname } = new URL(url)
    return `${SCHEME}://${host}` === PAGE_ORIGIN ? readPage(folder, decodeURIComponent(pathname), []) : null
  }
  // Only `protocol.handle` is left in new versions, and only the other one is there in the runtime for tests.
  if (typeof (protocol as Partial<typeof protocol>).handle === 'function') {
    protocol.handle(SCHEME, async ({ url }) => {
      const page = await pageAt(url)
      return page
        ? new Response(new Uint8Array(page.data), { headers: page.headers })
        : new Response('', { status: 404 })
    })
    return
  }
  protocol.registerBufferProtocol(SCHEME, ({ url }, answer) => {
    void pageAt(url).then((page) =>
      answer(page ? { data: page.data, mimeType: page.type, headers: page.headers } : { error: FILE_NOT_FOUND }),
    )
  })
}
