import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { durableWrite } from '../sys/durable-write.ts'
import { readText } from './config-file.ts'
import { editToml } from './edit.ts'

const waiting = new Map<string, Promise<void>>()

/**
 * Sets (or with `undefined` removes) keys of a TOML file, made when absent. Edits of one file come one after the other,
 * so that none is lost. `check` sees the new text before it is written and throws when it must not be.
 */
export async function editTomlFile(
  file: string,
  changes: Readonly<Record<string, unknown>>,
  options: { readonly mode?: number; readonly check?: (text: string) => void } = {},
): Promise<void> {
  const turn = (waiting.get(file) ?? Promise.resolve()).then(async () => {
    const before = await readText(file)
    const after = Object.entries(changes).reduce((text, [key, value]) => editToml(text, file, key, value), before)
    if (after === before) return
    options.check?.(after)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await durableWrite(file, after, options.mode)
  })
  const settled = turn.catch(() => undefined)
  waiting.set(file, settled)
  await settled
  if (waiting.get(file) === settled) waiting.delete(file)
  return turn
}
