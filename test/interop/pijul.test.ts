import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sh, TestProject } from '../support/project.ts'

const stock = process.env['IZE_PIJUL'] ?? join(homedir(), '.cache/ize/pijul-1.0.0-beta.22/bin/pijul')

let project: TestProject
beforeEach(async () => {
  project = await TestProject.create()
  await project.mount()
})
afterEach(() => project.remove())

function pijul(...args: string[]): string {
  const env = { ...process.env, HOME: project.directory }
  return execFileSync(stock, args, { cwd: project.directory, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
}

const contents = (folder: string): string =>
  sh(
    folder,
    `find . -path ./.pijul -prune -o -name .ignore -prune -o -type f -exec sha1sum {} + | sort -k2; find . -path ./.pijul -prune -o -type d -print | sort`,
  )

describe('the stock pijul', () => {
  it('clones the same tree: texts, x bits, empty files and directories, files that became directories and back', async () => {
    const script = `
      mkdir -p docs/empty src; for i in $(seq 300); do echo "file $i" > src/f$i; done
      printf 'no newline' > docs/a; printf 'one\\r\\ntwo\\r\\n' > docs/crlf; : > docs/nothing
      printf '>>>>>>> 1 [ABC]\\nx\\n======= 1\\ny\\n<<<<<<< 1\\n' > docs/markers
      echo '#!/bin/sh' > run; chmod +x run; echo 'umlaut: ä' > 'grüße und "quotes"'`
    sh(project.point, script)
    await project.session.flush()
    sh(
      project.point,
      'mv src lib; echo more >> lib/f7; rm lib/f1?; rm docs/a; mkdir docs/a; echo inside > docs/a/b; mv lib/f2 lib/f3',
    )
    await project.session.flush()
    sh(
      project.point,
      'rm -r docs/a; echo file again > docs/a; chmod -x run; mv lib/f5 lib/t; mv lib/f6 lib/f5; mv lib/t lib/f6',
    )
    await project.session.flush()
    pijul('clone', project.root, 'clone')
    expect(contents(join(project.directory, 'clone'))).toBe(contents(project.point))
    expect(sh(join(project.directory, 'clone'), 'test -x run && echo yes || echo no').trim()).toBe('no')
  })

  it('shows messages that begin with the operation and say what was done', async () => {
    sh(project.point, 'echo one > notes.txt')
    await project.session.flush()
    const log = pijul('log', '--repository', project.root)
    expect(log).toMatch(/^ {4}[0-9a-f]{16}$/m)
    expect(log).toMatch(/^create: notes\.txt$/m)
  })

  it('has a pointer where Pijul holds no content: binaries, large texts, links', async () => {
    sh(project.point, 'head -c 1000 /dev/urandom > bin; yes | head -c 2000000 > large; ln -s target link')
    await project.session.flush()
    pijul('clone', project.root, 'clone')
    const clone = join(project.directory, 'clone')
    expect(sh(clone, 'cat bin')).toMatch(/kind: file\nsize: 1000\nblake3: [0-9a-f]{64}/)
    expect(sh(clone, 'cat large')).toContain('size: 2000000')
    expect(sh(clone, 'cat link')).toContain('target: target')
  })
})
