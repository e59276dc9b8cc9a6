import type { Answered, Asked } from './twin-process.ts'

/** The other side: answers every request of the test that started this program. */
export function answerRequests<Request, Answer>(answer: (request: Request) => Answer | Promise<Answer>): void {
  process.on('message', (message) => {
    const { id, request } = message as Asked<Request>
    void Promise.resolve(answer(request)).then((answered) =>
      process.send?.({ id, answer: answered } satisfies Answered<Answer>),
    )
  })
}
