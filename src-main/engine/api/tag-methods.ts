import type { z } from 'zod'
import { join } from 'node:path'
import type * as schema from '../../../src-preload/schemas.ts'
import { numberOf } from '../history/resolve-seal.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout, type ProjectLayout } from '../project/layout.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import { ObjectStore } from '../store/object-store.ts'
import { sealRef, sealsNumbered } from '../store/seals/seal-ref.ts'
import { decodeTag, type Tag } from '../store/seals/tag.ts'
import { expectTagName } from '../store/seals/tag-name.ts'
import { type TagRef, TagRefs } from '../store/seals/tag-refs.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { timestamp } from './timestamp.ts'

export function tagMethods({ services, sessions }: ApiContext): HandlersOf<'tags'> {
  /** The address of the seal of a version of the project. */
  const sealAt = async (project: ProjectRecord, version: string | null): Promise<string> => {
    const { number } = await services.history.ask(project.root, { method: 'resolve', path: '', version })
    const [seal] = sealsNumbered(projectLayout(project.root).mmr, [number])
    if (seal) return seal.address
    throw new IzeError('E_VERSION_UNKNOWN', `Change ${number} has no seal; "ize doctor" says more.`)
  }
  return {
    'tags.list': async ({ project: name }) => {
      const layout = projectLayout((await services.registry.find(name)).root)
      const refs = await tagsOf(layout).list()
      return { tags: refs.map((ref) => presentTag(layout, ref)) }
    },

    'tags.make': async ({ project: projectName, name, version, message, force }, { signal }) => {
      const project = await services.registry.find(projectName)
      const layout = projectLayout(project.root)
      const tags = tagsOf(layout)
      expectTagName(name)
      await sessions.use(project, async (session) => {
        if (version === undefined) await session.flush(signal)
        const seal = await sealAt(project, version ?? null)
        const made = message === undefined ? null : await session.make({ kind: 'tag', name, seal, message }, signal)
        await tags.create(name, made === null ? { kind: 'seal', address: seal } : { kind: 'tag', address: made }, force)
      })
      return presentTag(layout, await tags.read(name))
    },

    'tags.delete': async ({ project: projectName, name }) => {
      const project = await services.registry.find(projectName)
      await tagsOf(projectLayout(project.root)).delete(name)
      return {}
    },
  }
}

function tagsOf({ refs }: ProjectLayout): TagRefs {
  return new TagRefs(join(refs, 'tags'))
}

/** Errors: E_REF_DAMAGED, those of the store. */
function presentTag({ objects, mmr }: ProjectLayout, { name, kind, address }: TagRef): z.infer<typeof schema.tag> {
  const tag = kind === 'tag' ? readTag(objects, address) : null
  const seal = tag?.seal ?? address
  const change = numberOf(mmr, seal)
  if (change === null) {
    throw new IzeError('E_REF_DAMAGED', `The tag "${name}" names a seal that this project does not have.`, { name })
  }
  return {
    ...{ name, seal: sealRef(seal), change },
    ...{ author: tag?.author ?? null, time: tag && timestamp(...tag.time), message: tag?.message ?? null },
  }
}

function readTag(objects: string, address: string): Tag {
  const store = ObjectStore.open(objects)
  try {
    return decodeTag(store.nodes('tag').get(address))
  } finally {
    store.close()
  }
}
