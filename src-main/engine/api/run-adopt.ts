import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { AdoptStep } from '../project/adopt-steps.ts'
import type { Adopted } from '../project/found-adopter.ts'
import { bundleFile } from '../sys/bundle.ts'
import { type AdoptWish, adopted, failed, stepsDone } from './adopt-messages.ts'

/**
 * Brings files of a folder into a mounted project, through the mount. The paths (latin1) that were left alone, because
 * programs had changed them there meanwhile. Errors: E_SPACE, E_EXPORT; doing it again goes on where it ended.
 */
export async function runAdopt(
  from: string,
  mountPoint: string,
  steps: readonly AdoptStep[],
): Promise<readonly string[]> {
  return (await inProcess({ kind: 'steps', from, mountPoint, steps: [...steps] }, stepsDone)).left
}

/** Takes all that is in a folder into a mounted project as new files. Errors and repetition: as of `runAdopt`. */
export async function runAdoptFound(from: string, mountPoint: string, label: string): Promise<Adopted> {
  return inProcess({ kind: 'found', from, mountPoint, label }, adopted)
}

async function inProcess<T>(wish: AdoptWish, answer: z.ZodType<T>): Promise<T> {
  // Not in the mount, or it could not be unmounted while this runs.
  const child = spawn(process.execPath, [bundleFile('adopt-process')], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(wish))
  const said = z
    .union([answer, failed])
    .parse(JSON.parse((await text(child.stdout)) || '{"failed":{"code":"E_INTERNAL","message":"It ended."}}'))
  const failure = failed.safeParse(said)
  if (failure.success) throw new IzeError(failure.data.failed.code, failure.data.failed.message)
  return answer.parse(said)
}
