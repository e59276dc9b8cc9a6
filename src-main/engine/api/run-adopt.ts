import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import type { AdoptStep } from '../project/adopt-steps.ts'
import { bundleFile } from '../sys/bundle.ts'

const answer = z.union([
  z.object({ left: z.array(z.string()) }),
  z.object({ failed: z.object({ code: z.string(), message: z.string() }) }),
])

/**
 * Brings files of a folder into a mounted project, through the mount. The paths (latin1) that were left alone, because
 * programs had changed them there meanwhile. Errors: E_SPACE, E_EXPORT; doing it again goes on where it ended.
 */
export async function runAdopt(
  from: string,
  mountPoint: string,
  steps: readonly AdoptStep[],
): Promise<readonly string[]> {
  // Not in the mount, or it could not be unmounted while this runs.
  const child = spawn(process.execPath, [bundleFile('adopt-process')], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify({ from, mountPoint, steps }))
  const said = answer.parse(
    JSON.parse((await text(child.stdout)) || '{"failed":{"code":"E_INTERNAL","message":"It ended."}}'),
  )
  if ('failed' in said) throw new IzeError(said.failed.code, said.failed.message)
  return said.left
}
