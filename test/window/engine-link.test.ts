import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EngineState } from '../../src-preload/app-contract.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { connectEngine } from '../../src-main/client/connect.ts'
import { EngineLink } from '../../src-main/window/engine-link.ts'
import { IzeUser } from '../support/ize-command.ts'
import { until } from '../support/until.ts'

let user: IzeUser
let link: EngineLink
let states: EngineState['kind'][]

function follow(made: EngineLink): EngineLink {
  states = []
  made.listen({ state: ({ kind }) => states.push(kind), event: () => undefined })
  return made
}

beforeEach(async () => {
  user = new IzeUser()
  await user.ize('init', 'thesis')
  link = follow(new EngineLink(() => connectEngine({ centralDirectory: user.central })))
})

afterEach(async () => {
  link.close()
  await user.remove()
})

test('an engine that is killed is started again, and told of', async () => {
  await link.start()
  const before = user.enginePid()
  process.kill(before!, 'SIGKILL')
  await until(() => link.state.kind === 'running' && user.enginePid() !== before)
  expect(states).toEqual(['starting', 'running', 'restarting', 'starting', 'running'])
  expect((await link.request('projects.list', {})).projects).toMatchObject([{ name: 'thesis' }])
})

test('a question that was under way fails, and is not asked again', async () => {
  await link.start()
  process.kill(user.enginePid()!, 'SIGSTOP')
  const question = link.request('projects.list', {})
  process.kill(user.enginePid()!, 'SIGKILL')
  await expect(question).rejects.toMatchObject({ code: 'E_ENGINE_GONE' })
})

test('an engine that never starts is given up after three more tries, until it is asked for', async () => {
  let tries = 0
  let broken = true
  link = follow(
    new EngineLink(() => {
      tries++
      if (broken) return Promise.reject(new IzeError('E_ENGINE_SILENT', 'It does not start.', { log: '/x.log' }))
      return connectEngine({ centralDirectory: user.central })
    }),
  )
  await expect(link.start()).rejects.toMatchObject({ code: 'E_ENGINE_SILENT' })
  await until(() => link.state.kind === 'failed', 20_000)
  await expect(link.request('projects.list', {})).rejects.toMatchObject({ code: 'E_ENGINE_SILENT' })
  expect(tries).toBe(4)
  expect(link.state).toEqual({ kind: 'failed', code: 'E_ENGINE_SILENT', message: 'It does not start.', log: '/x.log' })
  broken = false
  await link.start()
  expect(link.state.kind).toBe('running')
})

test('questions that come meanwhile wait for the next try, and bring it no sooner', async () => {
  let tries = 0
  link = follow(
    new EngineLink(() => {
      if (tries++ === 0) return Promise.reject(new IzeError('E_ENGINE_SILENT', 'It does not start yet.'))
      return connectEngine({ centralDirectory: user.central })
    }),
  )
  await expect(link.start()).rejects.toMatchObject({ code: 'E_ENGINE_SILENT' })
  expect(link.state.kind).toBe('restarting')
  const questions = [link.request('projects.list', {}), link.request('projects.list', {})]
  expect({ tries, state: link.state.kind }).toEqual({ tries: 1, state: 'restarting' })
  for (const { projects } of await Promise.all(questions)) expect(projects).toMatchObject([{ name: 'thesis' }])
  expect(tries).toBe(2)
})
