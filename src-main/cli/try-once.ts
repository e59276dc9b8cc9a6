import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IzeError } from '../../src-preload/ize-error.ts'
import type { Cli, ProjectSummary } from './cli.ts'
import { columns } from './format.ts'
import { entryRow } from './verbs/history.ts'

const FILE = 'Hello from Ize.txt'
const FIRST = 'This is how it was.\n'
const SECOND = 'This is how it was.\nAnd this line came with an edit.\n'

/**
 * Goes the whole way once, as a user's program would: saves a file twice, finds both in the history, puts the first one
 * back, and reads it. Errors: E_INTERNAL when the restore did not bring back what had been saved.
 */
export async function tryOnce(cli: Cli, project: ProjectSummary): Promise<void> {
  const engine = await cli.engine()
  const file = join(project.mountPoint ?? '', FILE)
  const about = { project: project.id, path: FILE }
  const recorded = async (): Promise<void> =>
    void (await engine.request('projects.flush', { project: project.id }, { signal: cli.signal }))
  const newest = async (limit: number) => (await engine.request('history.entries', { ...about, limit })).entries

  await writeFile(file, FIRST)
  await recorded()
  const [first] = await newest(1)
  if (!first) throw new IzeError('E_INTERNAL', `${file} was saved and is not in history.`)
  await writeFile(file, SECOND)
  await recorded()
  cli.out.line(`Edited ${FILE}. Its history:`)
  cli.out.lines(columns((await newest(2)).map((entry) => entryRow(cli.out, entry))))

  const { sentence } = await engine.request(
    'history.restore',
    { ...about, version: String(first.version) },
    { signal: cli.signal },
  )
  cli.out.line(cli.out.name(sentence))
  if ((await readFile(file, 'utf8')) !== FIRST) throw new IzeError('E_INTERNAL', `${file} is not what was restored.`)
  cli.out.lines(columns((await newest(3)).map((entry) => entryRow(cli.out, entry))))
}
