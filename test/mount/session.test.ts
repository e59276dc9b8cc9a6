import { execFile } from 'node:child_process'
import { closeSync, fsyncSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HistoryIndex } from '../../src-main/engine/history/history-index.ts'
import { sh, TestProject } from '../support/project.ts'

/** The recorder gives way to everything else; only a test that would wait for ever is to end by this. */
const PATIENCE_MS = 120_000

let project: TestProject
beforeEach(async () => {
  project = await TestProject.create()
  await project.mount()
})
afterEach(() => project.remove())

const tree = (folder: string): string =>
  sh(
    folder,
    `find . -printf '%P %y %m %s %T@ %n %l\\n' | grep -v '^ d' | sort; find . -type f -exec sha1sum {} + | sort`,
  )

describe('a mounted project', () => {
  it('has in working/ what programs left, once it is recorded', async () => {
    sh(
      project.point,
      'mkdir -p a/b; echo one > a/b/f; ln -s f a/b/s; ln a/b/f a/hard; printf x > empty; chmod 4755 empty',
    )
    sh(project.point, 'mv a c; echo two >> c/b/f; truncate -s 100000 c/sparse; rm empty; mkfifo p')
    const before = tree(project.point)
    await project.session.flush()
    expect(tree(project.layout.working).replaceAll(/ d 7/g, ' d 7')).toBe(before)
    expect(tree(project.point)).toBe(before)
    await project.unmount()
    await project.mount()
    expect(tree(project.point)).toBe(before)
  })

  it('answers who writes much and who syncs beside it, and has what both wrote', async () => {
    const copy = promisify(execFile)('dd', ['if=/dev/urandom', 'of=big', 'bs=1M', 'count=24'], { cwd: project.point })
    const fd = openSync(join(project.point, 'synced'), 'w')
    let written = 0
    let copying = true
    void copy.finally(() => (copying = false))
    for (; copying; written += 5) {
      writeSync(fd, 'line\n')
      fsyncSync(fd)
      await setImmediate()
    }
    closeSync(fd)
    await copy
    const before = tree(project.point)
    await project.session.flush()
    expect(tree(project.layout.working)).toBe(before)
    expect(statSync(join(project.point, 'big')).size).toBe(24 * 2 ** 20)
    expect(statSync(join(project.point, 'synced')).size).toBe(written)
  })

  it('keeps a version of each save of one file', async () => {
    for (let i = 0; i < 5; i++) sh(project.point, `echo ${i} > t.new; mv t.new t`)
    await project.session.flush()
    const index = HistoryIndex.open(project.layout.index)
    expect(index.fileAt('t')?.number).toBe(5)
    expect(index.fileAt('t.new')).toBeNull()
    index.close()
  })

  it('knows what was written to an open file whose name went, under the name it has left', async () => {
    sh(project.point, 'echo zero > a; ln a b')
    await project.session.flush()
    const applied = async () =>
      vi.waitFor(async () => expect((await project.session.status()).log.operations).toBe(0), PATIENCE_MS)
    const fd = openSync(join(project.point, 'a'), 'a')
    writeSync(fd, 'one\n')
    await applied()
    sh(project.point, 'rm a; mkdir x; mv b x/c')
    await applied()
    await project.session.flush()
    closeSync(fd)
    const index = HistoryIndex.open(project.layout.index)
    expect(index.fileAt('x/c')).toMatchObject({ state: { size: 9 } })
    index.close()
  })

  it('knows as soon as it is opened what history lacks of a file that was open when it was closed', async () => {
    const fd = openSync(join(project.point, 'a'), 'w')
    let size = writeSync(fd, 'one\n')
    await vi.waitFor(async () => {
      const { log, pending } = await project.session.status()
      // It waited so long that it became a version.
      if (log.operations === 0 && pending.operations === 0) size += writeSync(fd, 'one\n')
      expect(log.operations).toBe(0)
      expect(pending.operations).toBeGreaterThan(0)
    }, PATIENCE_MS)
    await project.reopen()
    expect((await project.session.status()).pending.operations).toBeGreaterThan(0)
    // Its mount is gone.
    expect(() => closeSync(fd)).toThrow(/ENOTCONN|EIO|ECONNABORTED/)
    await project.session.flush()
    const index = HistoryIndex.open(project.layout.index)
    expect(index.fileAt('a')).toMatchObject({ state: { size } })
    index.close()
  })

  it('leaves no operation in dirty/ when all is recorded', async () => {
    sh(project.point, 'for i in $(seq 100); do echo $i > f$i; done; rm f1*')
    await project.session.flush()
    const segments = () => readdirSync(project.layout.dirty).filter((name) => name.endsWith('.oplog'))
    await vi.waitFor(() => expect(segments()).toEqual([]), PATIENCE_MS)
    expect((await project.session.status()).pending).toEqual({ operations: 0, bytes: 0, age: 0 })
  })
})
