import { rename, writeFile } from 'node:fs/promises'

/** A reader finds the old text or the new one, never half of it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`
  await writeFile(beside, text, { mode: 0o600 })
  await rename(beside, path)
}
