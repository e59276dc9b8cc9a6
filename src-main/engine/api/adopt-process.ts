import { text } from 'node:stream/consumers'
import { ADOPT_TITLE, IMPORT_TITLE } from '../history/own-programs.ts'
import { IzeError } from '../ize-error.ts'
import { assertNever } from '../assert-never.ts'
import { Adopter } from '../project/adopter.ts'
import { FoundAdopter } from '../project/found-adopter.ts'
import { openFolder } from '../project/plain-copy.ts'
import { adoptWish, type AdoptWish } from './adopt-messages.ts'

/**
 * A process that brings files of a folder into a mounted project, as an ordinary client of the mount. One JSON object on
 * its standard input, one on its standard output (adopt-messages.ts).
 */
function adopt(wish: AdoptWish): unknown {
  const [from, root] = [openFolder(wish.from), openFolder(wish.mountPoint)]
  switch (wish.kind) {
    case 'steps': {
      process.title = IMPORT_TITLE
      const adopter = new Adopter(from, root)
      for (const step of wish.steps) adopter.step(step)
      adopter.finish()
      return { left: adopter.left }
    }
    case 'found':
      process.title = ADOPT_TITLE
      return new FoundAdopter(from, root, wish.label).run()
    default:
      return assertNever(wish, 'wish')
  }
}

async function run(): Promise<void> {
  process.stdout.write(JSON.stringify(adopt(adoptWish.parse(JSON.parse(await text(process.stdin))))))
}

run().catch((error: unknown) => {
  const failed = error instanceof IzeError ? error.toJSON() : { code: 'E_INTERNAL', message: String(error) }
  process.stdout.write(JSON.stringify({ failed }))
  process.exitCode = 1
})
