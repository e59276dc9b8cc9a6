import { chmod, mkdtemp, open } from 'node:fs/promises'
import { join } from 'node:path'
import { textToPath } from '../../src-preload/path-text.ts'
import type { EngineLink } from './engine-link.ts'

/** Names longer than this are cut: the time is put before them. */
const LONGEST_NAME = 180

/**
 * Writes a version of a file into a folder of its own below `folder`, read only, under its name and time. Returns its
 * path. Errors: those of `content.open`.
 */
export async function copyVersion(
  engine: EngineLink,
  folder: string,
  version: { readonly project: string; readonly path: string; readonly version?: string | undefined },
): Promise<string> {
  const { content, time } = await engine.request('content.open', version)
  try {
    const name = fileName(version.path, time)
    const path = join(await mkdtemp(join(folder, 'version-')), name)
    const file = await open(path, 'wx', 0o600)
    try {
      for (let end = false; !end;) {
        const piece = await engine.request('content.read', { content })
        await file.write(Buffer.from(piece.bytes, 'base64'))
        end = piece.end
      }
    } finally {
      await file.close()
    }
    await chmod(path, 0o400)
    return path
  } finally {
    await engine.request('content.close', { content })
  }
}

/** `2026-11-21 14.02 notes.txt`: the ending stays, so that the right program opens it. */
function fileName(path: string, time: string): string {
  const bytes = Buffer.from(textToPath(path), 'latin1')
  const name = bytes.subarray(bytes.lastIndexOf(0x2f) + 1).toString()
  const at = new Date(`${time.slice(0, 23)}Z`)
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}.${two(at.getMinutes())} ${name.slice(-LONGEST_NAME)}`
}
