import { Argument, type Command } from 'commander'
import { complete } from '../completion/candidates.ts'
import { scripts } from '../completion/scripts.ts'
import { run, verb } from '../verb.ts'

export function addCompletion(program: Command): void {
  verb(program, {
    usage: 'completion',
    summary: 'print the completion script of a shell',
    example:
      'source <(ize completion bash)          # in ~/.bashrc\nize completion zsh > ~/.zfunc/_ize\nize completion fish > ~/.config/fish/completions/ize.fish',
    json: false,
  })
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .action(
      run<[keyof typeof scripts], object>(async ({ cli }, shell) => {
        await cli.out.write(scripts[shell])
      }),
    )

  // What those scripts call: the words typed so far, the last of them unfinished.
  program
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .helpOption(false)
    .action(
      run<[string[]], object>(async ({ cli }, words) => {
        cli.out.lines(await complete(program, words))
      }),
    )
}
