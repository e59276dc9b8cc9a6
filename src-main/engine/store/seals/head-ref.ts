import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { IzeError } from '../../ize-error.ts'
import { durableWrite } from '../../sys/durable-write.ts'

/** `refs/heads/main`: the newest seal. One line: its address, its number, the root of the Merkle Mountain Range. */
export interface Head {
  readonly seal: string
  /** From 1: the number of leaves. */
  readonly n: number
  readonly root: string
}

const LINE = /^([0-9a-f]{64}) ([1-9][0-9]{0,9}) ([0-9a-f]{64})\n$/

/** Null: there is no seal yet. Errors: E_REF_DAMAGED. */
export async function readHead(file: string): Promise<Head | null> {
  const text = await readFile(file, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const [, seal, n, root] = LINE.exec(text) ?? []
  if (seal === undefined || n === undefined || root === undefined) {
    throw new IzeError(
      'E_REF_DAMAGED',
      `${file} does not name a seal; run "ize doctor" to make it anew from the seals.`,
      { file },
    )
  }
  return { seal, n: Number(n), root }
}

/**
 * Replaces it, whole, for everyone who reads it while the machine runs. Only with `durable` does that outlast the
 * machine too: otherwise it may be older or empty afterwards, and is made again from the seals. One writer.
 */
export async function writeHead(
  file: string,
  { seal, n, root }: Head,
  { durable }: { durable: boolean },
): Promise<void> {
  const line = `${seal} ${n} ${root}\n`
  if (durable) return durableWrite(file, line)
  // At once: each step through the thread pool would take longer than all of it, and every change waits for it.
  const next = `${file}.new`
  try {
    writeFileSync(next, line, { mode: 0o600 })
    renameSync(next, file)
  } catch (error) {
    rmSync(next, { force: true })
    throw error
  }
}
