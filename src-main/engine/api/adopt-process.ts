import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { IMPORT_TITLE } from '../history/own-programs.ts'
import { IzeError } from '../ize-error.ts'
import { adoptStep } from '../project/adopt-steps.ts'
import { Adopter } from '../project/adopter.ts'
import { openFolder } from '../project/plain-copy.ts'

/**
 * A process that brings files of a folder into a mounted project, as an ordinary client of the mount. One JSON object on
 * its standard input, one on its standard output.
 */
process.title = IMPORT_TITLE

const wanted = z.object({ from: z.string(), mountPoint: z.string(), steps: z.array(adoptStep) })

async function run(): Promise<void> {
  const { from, mountPoint, steps } = wanted.parse(JSON.parse(await text(process.stdin)))
  const adopter = new Adopter(openFolder(from), openFolder(mountPoint))
  for (const step of steps) adopter.step(step)
  adopter.finish()
  process.stdout.write(JSON.stringify({ left: adopter.left }))
}

run().catch((error: unknown) => {
  const failed = error instanceof IzeError ? error.toJSON() : { code: 'E_INTERNAL', message: String(error) }
  process.stdout.write(JSON.stringify({ failed }))
  process.exitCode = 1
})
