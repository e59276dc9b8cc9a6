import { IzeError } from '../ize-error.ts'
import type { Client } from './client.ts'
import { Content } from './content.ts'
import type { ApiContext } from './context.ts'
import type { HandlersOf } from './handlers.ts'
import { presentVersion } from './present.ts'
import { projectPath } from './project-path.ts'

/** Contents a client reads, piece by piece at its own pace; they belong to its connection. */
export function contentMethods({ services }: ApiContext): HandlersOf<'content'> {
  const opened = new WeakMap<Client, Map<number, Content>>()
  let lastNumber = 0

  const contentsOf = (client: Client): Map<number, Content> => {
    let contents = opened.get(client)
    if (!contents) {
      const fresh = new Map<number, Content>()
      opened.set(client, fresh)
      client.onClose(() => fresh.forEach((content) => void content.close()))
      contents = fresh
    }
    return contents
  }

  const find = (client: Client, number: number): Content => {
    const content = contentsOf(client).get(number)
    if (!content) throw new IzeError('E_ARGUMENT', `There is no open content ${number}.`)
    return content
  }

  return {
    'content.open': async ({ project: name, path, version }, { client }) => {
      const project = await services.registry.find(name)
      const found = await services.history.ask(project.root, {
        method: 'resolve',
        path: projectPath(path),
        version: version ?? null,
        content: true,
      })
      const content = await Content.open(project, found)
      const number = ++lastNumber
      contentsOf(client).set(number, content)
      return { content: number, ...presentVersion(found), size: content.size, text: found.state.text ?? false }
    },

    'content.read': async ({ content, at }, { client }) => {
      const { bytes, end } = await find(client, content).read(at)
      return { bytes: bytes.toString('base64'), end }
    },

    'content.close': async ({ content }, { client }) => {
      await find(client, content).close()
      contentsOf(client).delete(content)
      return {}
    },
  }
}
