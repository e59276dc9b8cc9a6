import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
// Sets what reads documents up for this very thread: no further one is started.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import type { PdfAnswer, PdfQuestion } from './pdf-messages.ts'

/** Draws the first page of a document that may be hostile: in a thread that is ended, without scripts, forms or links. */

// The compiler knows a page's `self`, not a worker's.
const port = self as unknown as {
  addEventListener: (type: 'message', listener: (event: MessageEvent<PdfQuestion>) => void) => void
  postMessage: (answer: PdfAnswer, transfer?: Transferable[]) => void
  readonly fonts: FontFaceSet
}

/** Wider or higher pages are drawn smaller. */
const LONGEST = 4096
/** Pictures with more pixels than this are left out. */
const LARGEST_IMAGE = 32 * 1024 * 1024

/** What pdf.js makes its canvases with; there is no document here. */
class CanvasFactory {
  create(
    width: number,
    height: number,
  ): { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D | null } {
    const canvas = new OffscreenCanvas(width, height)
    return { canvas, context: canvas.getContext('2d') }
  }

  reset({ canvas }: { canvas: OffscreenCanvas }, width: number, height: number): void {
    Object.assign(canvas, { width, height })
  }

  destroy({ canvas }: { canvas: OffscreenCanvas }): void {
    Object.assign(canvas, { width: 0, height: 0 })
  }
}

/** Filters are elements of a document: what would need one is drawn without. */
class FilterFactory {
  addFilter(): string {
    return 'none'
  }
  addHCMFilter(): string {
    return 'none'
  }
  addAlphaFilter(): string {
    return 'none'
  }
  addLuminosityFilter(): string {
    return 'none'
  }
  addHighlightHCMFilter(): string {
    return 'none'
  }
  destroy(): void {}
}

async function firstPage({ bytes, width }: PdfQuestion): Promise<PdfAnswer> {
  const loading = getDocument({
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    ownerDocument: { fonts: port.fonts } as unknown as HTMLDocument,
    CanvasFactory,
    FilterFactory,
    isEvalSupported: false,
    enableXfa: false,
    useSystemFonts: true,
    maxImageSize: LARGEST_IMAGE,
    disableAutoFetch: true,
    disableStream: true,
  })
  const document = await loading.promise
  try {
    const page = await document.getPage(1)
    const size = page.getViewport({ scale: 1 })
    const scale = Math.min(width / size.width, LONGEST / size.width, LONGEST / size.height)
    const viewport = page.getViewport({ scale })
    const canvas = new OffscreenCanvas(Math.max(1, Math.ceil(viewport.width)), Math.max(1, Math.ceil(viewport.height)))
    const canvasContext = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
    await page.render({ canvas: null, canvasContext, viewport }).promise
    return {
      kind: 'page',
      bitmap: canvas.transferToImageBitmap(),
      pages: document.numPages,
      title: await titleOf(document),
    }
  } finally {
    void loading.destroy()
  }
}

async function titleOf(document: { getMetadata: () => Promise<{ info: object }> }): Promise<string | null> {
  const { info } = await document.getMetadata().catch(() => ({ info: {} }))
  const title = 'Title' in info ? info.Title : null
  return typeof title === 'string' && title.trim() !== '' ? title.trim() : null
}

port.addEventListener('message', ({ data }) => {
  // What reads documents listens here as well, to messages of its own.
  if (data.kind !== 'first-page') return
  firstPage(data).then(
    (answer) => port.postMessage(answer, answer.kind === 'page' ? [answer.bitmap] : []),
    (error: unknown) =>
      port.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
