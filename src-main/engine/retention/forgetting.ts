import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { SearchDatabase } from '../history/search-database.ts'
import { IzeError } from '../ize-error.ts'
import type { ProjectLayout } from '../project/layout.ts'
import { collect, type Roots } from '../store/collect.ts'
import { containedIn } from '../store/contained.ts'
import { addForgotten } from '../store/forgotten.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { Timeline } from '../store/timeline.ts'
import { durableWrite, syncDirectory } from '../sys/durable-write.ts'
import { reached } from '../sys/failpoint.ts'
import type { Channel } from './channel.ts'
import { foldChannel } from './fold-channel.ts'

/** What is being gone through. */
export type ForgetStep = 'log' | 'check' | 'pijul' | 'store' | 'search'

/** History as the recorder's thread has it. */
export interface ForgetWork {
  readonly layout: ProjectLayout
  readonly channel: Channel
  readonly store: ObjectStore
  readonly timeline: Timeline
  readonly roots: () => Omit<Roots, 'range'>
  readonly author: string
}

const journalSchema = z.object({
  version: z.literal(1),
  objects: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** Seconds since 1970. */
  time: z.number().int().nonnegative(),
})
type Journal = z.infer<typeof journalSchema>

/**
 * Forgets contents for good. For the recorder's thread, with everything recorded and sealed and the log let go of: no
 * batch may run before it is over. Write order:
 *
 * 1. `meta/forgetting`, synced: names what goes; from here on the next start finishes what was begun;
 * 2. `objects/forgotten`, synced, so that what is missing from now on is known to be forgotten;
 * 3. Pijul is folded: the old changes go, and what they held; 4. the store is packed anew without the contents;
 * 5. `search.db` goes, and is filled anew from what there is; 6. `meta/forgetting` goes.
 *
 * Errors, before 1: E_FORGET when the newest tree has one of the contents, or when another content is made of it. Behind
 * it: those of folding and packing; the next start tries again.
 */
export async function forgetContents(
  work: ForgetWork,
  objects: readonly string[],
  step: (step: ForgetStep) => void,
): Promise<void> {
  const present = presentContents(work.timeline)
  if (objects.some((object) => present.has(object))) {
    throw new IzeError('E_FORGET', 'A file has that content again since you asked; nothing was forgotten. Ask again.')
  }
  step('check')
  const [shared] = (await containedIn(work.store, work.roots().contents, new Set(objects))).keys()
  if (shared !== undefined) {
    const why = `the content ${shared.slice(0, 12)} is also a part of another file's content, which stays`
    throw new IzeError('E_FORGET', `Nothing was forgotten: ${why}. Forget that file's versions with it.`, { shared })
  }
  const journal: Journal = { version: 1, objects: [...objects], time: Math.floor(Date.now() / 1000) }
  await durableWrite(journalOf(work.layout), JSON.stringify(journal))
  reached('forget-decided')
  await finish(work, journal, step)
}

/** Finishes what was begun when the engine ended; before any batch. */
export async function finishForgetting(work: ForgetWork): Promise<void> {
  const file = journalOf(work.layout)
  if (!existsSync(file)) return
  const journal = journalSchema.safeParse(jsonOf(readFileSync(file, 'utf8')))
  if (!journal.success) {
    throw new IzeError('E_FORGET', `${file} is not what Ize writes there; what was to be forgotten is not known.`)
  }
  await finish(work, journal.data, () => undefined)
}

async function finish(work: ForgetWork, { objects, time }: Journal, step: (step: ForgetStep) => void): Promise<void> {
  const { layout, channel, store, author, timeline } = work
  await addForgotten(layout.objects, objects, time)
  reached('forget-listed')
  step('pijul')
  const sealed = { trees: timeline.trees, tree: timeline.head.tree, store }
  await foldChannel(channel, layout, { author, sealed })
  reached('forget-folded')
  step('store')
  // Whatever the journal says, the newest tree keeps what it has.
  const present = presentContents(work.timeline)
  const without = new Set(objects.filter((object) => !present.has(object)))
  await collect(store, rootsOf(work), { without })
  reached('forget-collected')
  step('search')
  SearchDatabase.remove(layout.search)
  await syncDirectory(layout.root)
  reached('forget-searched')
  rmSync(journalOf(layout))
  await syncDirectory(layout.meta)
}

function rootsOf({ roots, timeline }: ForgetWork): Roots {
  return timeline.roots(roots())
}

/** Contents that files have now. */
function presentContents({ head, trees }: Timeline): Set<string> {
  const found = new Set<string>()
  for (const { kind, address } of trees.reachable(head.tree, new Set())) if (kind === 'content') found.add(address)
  return found
}

function journalOf({ meta }: Pick<ProjectLayout, 'meta'>): string {
  return join(meta, 'forgetting')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
