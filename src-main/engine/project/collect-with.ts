import { IzeError } from '../ize-error.ts'
import type { Collected, CollectOptions } from '../store/collect.ts'
import { firstOf, received, type SessionThread } from './session-thread.ts'
import type { CollectionOrder, MainToRecorder, RecorderToMain } from './worker-messages.ts'

/** Has the recorder thread collect. `id` is given once. Errors: E_CANCELLED, after which all is as before; those of the store. */
export async function collectWith(
  recorder: SessionThread<MainToRecorder, RecorderToMain>,
  id: number,
  order: CollectionOrder | null,
  { signal, progress, lost = 0 }: CollectOptions,
): Promise<Collected> {
  const done = firstOf(recorder, (message) => (message.type === 'collected' && message.id === id ? message : undefined))
  const silence = recorder.on((message) => {
    if (message.type === 'collecting' && message.id === id) progress?.(message.step)
  })
  const cancel = (): void => recorder.send({ type: 'cancelCollect', id })
  recorder.send({ type: 'collect', id, order, lost })
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted) cancel()
  try {
    const { result, error } = await done
    if (error) throw received(error)
    if (!result) throw new IzeError('E_INTERNAL', 'The packing of the store came to nothing.')
    return result
  } finally {
    silence()
    signal?.removeEventListener('abort', cancel)
  }
}
