import type { Command } from 'commander'
import { connectRunningEngine } from '../../client/connect.ts'

/**
 * What may stand for the last of the words: verbs, options, names of projects. Nothing is started for it: without an
 * engine, projects are not known. Paths are left to the shell.
 */
export async function complete(program: Command, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1).filter((word) => !word.startsWith('-'))
  let command = program
  let depth = 0
  for (const word of before) {
    const next = command.commands.find((each) => each.name() === word)
    if (!next) break
    command = next
    depth++
  }
  return (await candidates(command, typed, before.length - depth)).filter((candidate) => candidate.startsWith(typed))
}

async function candidates(command: Command, typed: string, position: number): Promise<string[]> {
  if (typed.startsWith('-')) return [...command.options.flatMap(({ long }) => long ?? []), '--help']
  if (command.commands.length > 0) {
    return position > 0 ? [] : command.commands.map((each) => each.name()).filter((name) => !name.startsWith('_'))
  }
  const argument = command.registeredArguments[position]
  if (argument?.argChoices) return [...argument.argChoices]
  return argument?.name() === 'project' && command.name() !== 'init' ? projectNames() : []
}

async function projectNames(): Promise<string[]> {
  const engine = await connectRunningEngine({ patienceMs: 1000 })
  if (!engine) return []
  try {
    const { projects } = await engine.request('projects.list', {})
    return projects.map(({ name }) => name)
  } finally {
    engine.close()
  }
}
