/** What the window asks of the thread that draws a PDF, and what it is answered. */
export interface PdfQuestion {
  readonly kind: 'first-page'
  readonly bytes: ArrayBuffer
  /** Pixels that the page is to be wide. */
  readonly width: number
}

export type PdfAnswer =
  | {
      readonly kind: 'page'
      readonly bitmap: ImageBitmap
      readonly pages: number
      /** As the document says; null: it does not. */
      readonly title: string | null
    }
  | { readonly kind: 'failed'; readonly message: string }
