import { Command } from 'commander'
import { packageVersion } from '../../src-preload/build-version.ts'
import { addAdopt } from './verbs/adopt.ts'
import { addCompletion } from './verbs/completion.ts'
import { addConfig } from './verbs/config.ts'
import { addDaemon } from './verbs/daemon.ts'
import { addDiff } from './verbs/diff.ts'
import { addDoctor } from './verbs/doctor.ts'
import { addExport } from './verbs/export.ts'
import { addForget } from './verbs/forget.ts'
import { addGc } from './verbs/gc.ts'
import { addHistory } from './verbs/history.ts'
import { addInit } from './verbs/init.ts'
import { addLs } from './verbs/ls.ts'
import { addMount, addUnmount } from './verbs/mount.ts'
import { addOpen } from './verbs/open.ts'
import { addOriginal } from './verbs/original.ts'
import { addPause, addResume } from './verbs/pause.ts'
import { addPrune } from './verbs/prune.ts'
import { addRemove } from './verbs/remove.ts'
import { addRename } from './verbs/rename.ts'
import { addRestore } from './verbs/restore.ts'
import { addCheckProof, addProve, addRoot } from './verbs/proofs.ts'
import { addSeal } from './verbs/seal.ts'
import { addSearch } from './verbs/search.ts'
import { addShow } from './verbs/show.ts'
import { addSize } from './verbs/size.ts'
import { addStart } from './verbs/start.ts'
import { addList, addStatus } from './verbs/status.ts'
import { addStopRemembering } from './verbs/stop-remembering.ts'
import { addTag } from './verbs/tag.ts'
import { addUi } from './verbs/ui.ts'
import { addUndo } from './verbs/undo.ts'
import { addVerify } from './verbs/verify.ts'
import { addVersion } from './verbs/version.ts'

const GRAMMAR = `
One grammar everywhere:  ize <verb> <project> [path] [--at V] [--to V]
V is a version: its number (from 1, oldest first), a time ("2026-11-21 14:00",
"yesterday 14:00", "last friday", "10 minutes ago"), any part of the name of a seal
(swift-eagle), a tag, or the hash of a change or an unambiguous beginning of one.
path@V is short for path --at V.

Exit codes: 0 done, 1 a fault of Ize's own, 2 wrong usage, 3 not found, 4 refused,
5 busy, 6 no space, 7 engine not to be reached, 8 settings, 9 damage found, 130 interrupted.`

/** The `ize` command with all its verbs. */
export function makeProgram(): Command {
  const program = new Command('ize')
    .description('A folder that remembers: every save of every program is kept, and put back with one command.')
    .version(packageVersion, '-V, --version', 'print the version')
    .helpCommand('help [verb]', 'help on a verb')
    .addHelpText('after', GRAMMAR)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ize: ')) })
    .exitOverride()
  for (const add of [
    addInit,
    addMount,
    addUnmount,
    addAdopt,
    addStatus,
    addPause,
    addResume,
    addHistory,
    addLs,
    addSearch,
    addDiff,
    addShow,
    addRestore,
    addUndo,
    addList,
    addSeal,
    addTag,
    addVerify,
    addRoot,
    addProve,
    addCheckProof,
    addRename,
    addRemove,
    addStopRemembering,
    addOriginal,
    addExport,
    addGc,
    addPrune,
    addForget,
    addSize,
    addStart,
    addUi,
    addOpen,
    addDoctor,
    addConfig,
    addDaemon,
    addCompletion,
    addVersion,
  ]) {
    add(program)
  }
  inherit(program)
  return program
}

/** Subcommands made by `command()` take the settings of their parent only when they are told to. */
function inherit(command: Command): void {
  for (const each of command.commands) {
    each.copyInheritedSettings(command)
    inherit(each)
  }
}
