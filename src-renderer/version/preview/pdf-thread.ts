import type { PdfAnswer, PdfQuestion } from './pdf-messages.ts'

export type PdfPage = Extract<PdfAnswer, { kind: 'page' }>

/** A document that takes longer is not drawn. */
const PATIENCE_MS = 20_000

/** The first page of a PDF, drawn by a thread of its own, which ends with the answer. Errors: why it cannot be drawn. */
export async function firstPage(bytes: ArrayBuffer, width: number): Promise<PdfPage> {
  const worker = new Worker('pdf-worker.js')
  let patience: ReturnType<typeof setTimeout> | undefined
  try {
    const answer = await new Promise<PdfAnswer>((resolve, reject) => {
      patience = setTimeout(() => reject(new Error('it takes too long')), PATIENCE_MS)
      worker.onerror = ({ message }) => reject(new Error(message))
      worker.onmessage = ({ data }: MessageEvent<PdfAnswer | object>) => {
        if ('kind' in data) resolve(data)
      }
      const question: PdfQuestion = { kind: 'first-page', bytes, width }
      worker.postMessage(question, [bytes])
    })
    if (answer.kind === 'failed') throw new Error(answer.message)
    return answer
  } finally {
    clearTimeout(patience)
    worker.terminate()
  }
}
