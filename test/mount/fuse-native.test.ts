import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadFuseNative } from '../../src-main/engine/fuse/native/fuse-native.ts'
import { HistoryIndex } from '../../src-main/engine/history/history-index.ts'
import { TestProject } from '../support/project.ts'

let project: TestProject
beforeEach(async () => {
  project = await TestProject.create()
})
afterEach(() => project.remove())

/**
 * Runs a script in a folder. The engine serves the mount on this very thread: it must not wait, and the child must not
 * begin in the mount (spawning waits until it has changed there).
 */
async function sh(folder: string, script: string): Promise<string> {
  const { stdout } = await promisify(execFile)('/bin/bash', ['-ec', `cd "$1"\n${script}`, 'sh', folder], {
    cwd: '/',
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

/** Names, types, modes, sizes, whole milliseconds of mtime, links, targets, inode numbers, and contents. */
const tree = (folder: string): Promise<string> =>
  sh(
    folder,
    `find . -mindepth 1 -printf '%P %y %m %s %T@ %n %l %i\\n' | sed -E 's/(\\.[0-9]{3})[0-9]+ /\\1 /; s/^([^ ]+ d [0-7]+) [0-9]+/\\1/' | sort
     find . -type f -exec sha1sum {} + | sort`,
  )

describe('a project mounted through fuse-native', () => {
  beforeEach(() => project.session.mount(project.point, 'fuse-native'))

  it('does what programs ask, has it in working/ and in history, and shows the same tree through the kernel transport', async () => {
    await sh(
      project.point,
      `mkdir -p a/b; echo one > a/b/f; cat a/b/f; ln -s f a/b/s; ln a/b/f a/hard; : > empty; chmod 4755 empty; mkfifo p
       mv a c; echo two >> c/b/f; [ "$(cat c/b/s)" = $'one\\ntwo' ]; [ "$(cat c/hard)" = $'one\\ntwo' ]
       truncate -s 100000 c/sparse; truncate -s 3 c/b/f; rm empty; mkdir gone; rmdir gone
       head -c 3000000 /dev/urandom > big; cmp big big; cp big copy; dd if=/dev/zero of=copy bs=1000 seek=7 count=1 conv=notrunc status=none
       echo edited > t.new; mv t.new t; echo again > t.new; mv t.new t; sync copy`,
    )
    const before = await tree(project.point)
    expect(before).toContain('c/hard f 644 3 ')
    await project.session.flush()
    expect(await tree(project.point)).toBe(before)
    const withoutInodes = (text: string): string => text.replaceAll(/ \d+$/gm, '')
    expect(withoutInodes(await tree(project.layout.working))).toBe(withoutInodes(before))
    const index = HistoryIndex.open(project.layout.index)
    expect(index.fileAt('t')?.number).toBe(2)
    expect(index.fileAt('c/b/f')).not.toBeNull()
    expect(index.fileAt('empty')).toBeNull()
    index.close()
    await project.unmount()
    await project.mount()
    expect(await tree(project.point)).toBe(before)
  })

  it('keeps both times, owners, and extended attributes of any size', async () => {
    const out = await sh(
      project.point,
      `echo x > f
       python3 - <<'END'
import os
os.utime("f", ns=(981173106789000000, 1234567890123000000))
s = os.stat("f")
print(s.st_atime_ns, s.st_mtime_ns)
os.utime("f", ns=(-5000000000, 2000000000))
print(os.stat("f").st_mtime_ns)
os.setxattr("f", "user.empty", b"")
os.setxattr("f", "user.large", b"v" * 3000)
print(sorted(os.listxattr("f")), len(os.getxattr("f", "user.large")), os.getxattr("f", "user.empty"))
os.removexattr("f", "user.empty")
print(os.listxattr("f"))
for n, flags in (("user.large", os.XATTR_CREATE), ("user.none", os.XATTR_REPLACE)):
    try: os.setxattr("f", n, b"", flags)
    except OSError as e: print(e.errno)
try: os.getxattr("f", "user.none")
except OSError as e: print(e.errno)
print(os.statvfs(".").f_namemax, os.statvfs(".").f_bavail > 0)
END`,
    )
    expect(out.split('\n').slice(0, -1)).toEqual([
      '981173106789000000 1234567890123000000',
      '2000000000',
      "['user.empty', 'user.large'] 3000 b''",
      "['user.large']",
      '17',
      '61',
      '61',
      '255 True',
    ])
  })
})
