import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { INDEX_VERSION } from '../../src-main/engine/history/index-schema.ts'
import { BenchEngine } from '../engine.ts'
import { run, runOwn } from '../processes.ts'
import { type LongShape, makeFirstTree, RECIPE } from './recipe.ts'

/** Name of the project. */
export const LONG = 'long'

/**
 * A copy, below `into`, of a central directory with a project of a long history. It is made once (minutes) and kept in
 * the cache, by what it was made of; older ones go. Returns an engine for the copy.
 */
export async function longHistory(into: string, shape: LongShape, say: (line: string) => void): Promise<BenchEngine> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ize')
  const family = `bench-history-${shape.files}-${shape.changes}-`
  const name = `${family}${RECIPE}.${INDEX_VERSION}`
  const kept = join(cache, name)
  if (!existsSync(kept)) {
    await mkdir(cache, { recursive: true })
    for (const old of await readdir(cache)) {
      if (old.startsWith(family)) await rm(join(cache, old), { recursive: true, force: true })
    }
    say(`a history of ${shape.changes.toLocaleString('en')} changes is made, once; it is kept in ${kept}`)
    const work = `${kept}.${process.pid}.partial`
    await make(work, shape, say).catch(async (error: unknown) => {
      await rm(work, { recursive: true, force: true })
      throw error
    })
    await rename(work, kept)
  }
  await run('cp', ['-a', '--reflink=auto', kept, into])
  return new BenchEngine(into)
}

async function make(work: string, shape: LongShape, say: (line: string) => void): Promise<void> {
  const source = join(work, 'source')
  await mkdir(source, { recursive: true })
  const paths = await makeFirstTree(source, shape)
  const engine = new BenchEngine(work)
  try {
    say('taking the files in')
    const { project } = await engine.ask('projects.init', { name: LONG, from: source })
    await engine.stop()
    await rm(source, { recursive: true })
    const list = join(work, 'changed')
    await writeFile(list, paths.join('\n'))
    say('writing the changes')
    await runOwn('long-history', join(work, 'central/projects', project.id), list, shape.changes)
    await rm(list)
    // What the engine does by itself later is done now, so that nothing of it is measured.
    say('making the texts searchable')
    await engine.ask('history.search', { project: LONG, text: 'nothing', limit: 1, wait: true })
  } finally {
    await engine.close()
  }
  await rm(join(work, 'central/engine.log'), { force: true })
}
