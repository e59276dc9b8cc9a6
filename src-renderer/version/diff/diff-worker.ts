import { DiffDocument } from './diff-document.ts'
import type { DiffAnswers, DiffQuestion, DiffReply } from './messages.ts'

/** Keeps one difference and makes rows of it, so that the thread of the window only draws. */
let current: DiffDocument | null = null

// The compiler knows a page's `self`, not a worker's.
const port = self as unknown as {
  onmessage: ((event: MessageEvent<DiffQuestion>) => void) | null
  postMessage: (reply: DiffReply) => void
}

port.onmessage = ({ data }) => {
  try {
    port.postMessage({ id: data.id, ok: true, value: answer(data) })
  } catch (error) {
    port.postMessage({ id: data.id, ok: false, message: error instanceof Error ? error.message : String(error) })
  }
}

function answer(question: DiffQuestion): DiffAnswers[keyof DiffAnswers] {
  if (question.kind === 'load') {
    current = new DiffDocument(question.path, question.source)
    return null
  }
  if (!current) throw new Error('Nothing was loaded.')
  switch (question.kind) {
    case 'content':
      current.takeContent(question.bytes)
      return null
    case 'arrange':
      return current.arrange(question.arrangement)
    case 'rows':
      return current.rows(question.from, question.to, question.words)
    case 'colour':
      return current.colour(question.from, question.to)
    case 'line':
      return current.line(question.line, question.from, question.to)
  }
}
