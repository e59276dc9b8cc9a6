import { execFileSync } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryIndex } from '../../src-main/engine/history/history-index.ts'
import { sh, TestProject } from '../support/project.ts'

let project: TestProject
beforeEach(async () => {
  project = await TestProject.create()
  await project.mount()
})
afterEach(() => project.remove())

const SAVES = 100

/** 1 MB of text in lines. */
function text(): string {
  return Array.from({ length: 20_000 }, (_, i) => `line ${i} of a text that changes many times over`).join('\n') + '\n'
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** Runs a program on a terminal of its own. */
function onTerminal(command: string): void {
  execFileSync('script', ['-qec', command, '/dev/null'], {
    cwd: project.point,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: project.directory, TERM: 'xterm' },
    timeout: 240_000,
  })
}

describe.each([
  {
    editor: 'vim',
    command: (n: number): string =>
      `vim -n text ${`-c 'for i in range(1, ${n}) | call setline(i * 7, "saved " . i) | silent write! | endfor'`} -c 'quit!'`,
  },
  {
    editor: 'emacs',
    command: (n: number): string =>
      `emacs -nw -Q text --eval '(progn (dotimes (i ${n}) (goto-line (* 7 (1+ i))) (insert (format "saved %d" i)) (save-buffer)) (kill-emacs))'`,
  },
])('$editor, with its default backups', ({ command }) => {
  it(`saves a text of 1 MB ${SAVES} times: as many versions of one file, less than 1 MB of changes`, async () => {
    const changes = join(project.root, '.pijul/changes')
    writeFileSync(join(project.point, 'text'), text())
    await project.session.flush()
    const before = bytesBelow(changes)
    onTerminal(command(SAVES))
    await project.session.flush()
    const index = HistoryIndex.open(project.layout.index)
    expect(index.fileAt('text')?.number).toBe(SAVES + 1)
    index.close()
    expect(bytesBelow(changes) - before).toBeLessThan(1_000_000)
    expect(sh(project.point, 'grep -c saved text').trim()).toBe(String(SAVES))
  })
})
