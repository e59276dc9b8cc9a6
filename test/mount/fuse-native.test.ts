import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HistoryIndex } from '../../src-main/engine/history/history-index.ts'
import { izeMounts } from '../../src-main/engine/project/mounts.ts'
import type { SessionStatus } from '../../src-main/engine/project/session.ts'
import { detach } from '../../src-main/engine/project/stale-mounts.ts'
import { TestProject } from '../support/project.ts'
import type { EngineAnswer, EngineRequest } from '../support/twin-engine.ts'
import { Helper, type Owner } from '../support/twin-process.ts'
import { until } from '../support/until.ts'

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

  it('keeps what is open readable and writable when it loses its name', async () => {
    const out = await sh(
      project.point,
      `python3 - <<'END'
import os
def new(name, text):
    with open(name, "w") as f: f.write(text)
new("a", "old a"); new("b", "old b")
a = open("a", "r+"); b = open("b")
os.unlink("a"); a.seek(0, 2); a.write(", more"); a.flush(); a.seek(0)
new("b.new", "new b"); os.rename("b.new", "b")
print(a.read(), "|", os.fstat(a.fileno()).st_size, "|", b.read(), "|", open("b").read())
os.mkdir("d"); os.rename("b", "d/b"); print(os.listdir("d"))
try: os.rmdir("d")
except OSError as e: print(e.errno)
END
      ls -A`,
    )
    expect(out).toBe("old a, more | 11 | old b | new b\n['b']\n39\nd\n")
    await project.session.flush()
    expect(await sh(project.layout.working, 'find . -type f')).toBe('./d/b\n')
  })

  it('shows no name that is not UTF-8, refuses to make one, and does not touch those there are', async () => {
    await project.unmount()
    await project.mount()
    const names = `$'n\\xff' $'e\\xcc\\x81' $'\\xc3\\xa9' $'new\\nline'`
    await sh(project.point, `mkdir d; touch -- ${names} d/$'\\xfe'; ln -s $'\\xff' link`)
    const before = await tree(project.point)
    await project.unmount()
    await project.session.mount(project.point, 'fuse-native')
    const out = await sh(
      project.point,
      `python3 - <<'END'
import os
print(sorted(os.listdir(b".")))
for call in (lambda: os.stat(b"n\\xff"), lambda: os.mkdir(b"\\xff"), lambda: os.symlink(b"\\xff", b"s"), lambda: os.readlink(b"link"), lambda: os.rename(b"link", b"\\xff"), lambda: os.rmdir(b"d")):
    try: call(); print("done")
    except OSError as e: print(e.errno)
END`,
    )
    expect(out).toBe("[b'd', b'e\\xcc\\x81', b'link', b'new\\nline', b'\\xc3\\xa9']\n84\n84\n84\n84\n84\n39\n")
    await project.unmount()
    await project.mount()
    expect(await tree(project.point)).toBe(before)
  })

  it('does not hand the descriptor of the mount to programs that the engine starts', async () => {
    expect(await sh('/', 'find /proc/self/fd -lname /dev/fuse')).toBe('')
  })

  it('serves many programs at once', async () => {
    await sh(
      project.point,
      `seq 16 | xargs -P 16 -I% bash -ec 'mkdir %; for i in $(seq 40); do echo % $i > %/$i; mv %/$i %/n$i; done; cat %/* | sha1sum > %.sum; [ $(ls % | wc -l) = 40 ]'`,
    )
    expect(
      await sh(
        project.point,
        'find . -name "n*" | wc -l; for i in $(seq 16); do cat $i/* | sha1sum | cmp - $i.sum; done',
      ),
    ).toBe('640\n')
  })

  it('is unmounted when nobody uses it, by force at once, and lazily with the last open file', async () => {
    await sh(project.point, 'echo kept > f')
    const hold = async (): Promise<{ end(): Promise<string> }> => {
      const holder = spawn(
        '/bin/bash',
        ['-c', 'exec 3<>"$0/f"; echo ready; read line; cat <&3 || echo failed', project.point],
        { cwd: '/' },
      )
      await once(holder.stdout, 'data')
      return {
        end: async () => {
          let out = ''
          holder.stdout.on('data', (data: Buffer) => (out += data.toString()))
          holder.stdin.end('\n')
          await once(holder, 'close')
          return out
        },
      }
    }
    const first = await hold()
    await expect(project.unmount()).rejects.toMatchObject({ code: 'E_MOUNT_BUSY' })
    await project.session.unmount({ force: false, lazy: true })
    expect(await first.end()).toBe('kept\n')
    // The detached mount goes with its last file; only then can the log be opened anew.
    const events: string[] = []
    project.session.on((event) => events.push(event.type))
    await project.reopen()
    await project.session.mount(project.point, 'fuse-native')
    const second = await hold()
    await project.session.unmount({ force: true, lazy: false })
    expect(await second.end()).toBe('failed\n')
    await project.session.mount(project.point, 'fuse-native')
    expect(await sh(project.point, 'cat f')).toBe('kept\n')
  })
})

describe.each(['kernel', 'fuse-native'] as const)('the log at its bound (%s)', (transport) => {
  it('makes programs wait, those with open files too, and loses nothing', async () => {
    const file = project.layout.projectToml
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n[log]\nlimit-operations = 100\n[record]\nquiet-ms = 10\n`)
    await project.reopen()
    await project.session.mount(project.point, transport)
    const written = sh(
      project.point,
      `seq 8 | xargs -P 8 -I% bash -ec 'for i in $(seq 60); do echo % $i > %.$i; done'; ls | wc -l`,
    )
    await until(async () => (await project.session.status()).log.parked > 0)
    expect(await written).toBe('480\n')
    await project.session.flush()
    expect(await sh(project.layout.working, 'ls | wc -l; cat 7.53')).toBe('480\n7 53\n')
  })
})

describe('an engine that serves a mount through fuse-native', () => {
  let engine: Helper<EngineRequest, EngineAnswer>
  let home: string
  afterEach(async () => {
    await engine.kill()
    for (const { path } of await izeMounts()) if (path.startsWith(home)) await detach(path)
    rmSync(home, { recursive: true })
  })

  async function begin(owner: Owner | null): Promise<{ root: string; point: string }> {
    home = mkdtempSync(join(tmpdir(), 'ize-native-'))
    const point = join(home, 'mount')
    mkdirSync(point)
    for (const path of owner ? [home, point] : []) chownSync(path, owner!.uid, owner!.gid)
    engine = new Helper('twin-engine', home, owner)
    return {
      root: (await call({ call: 'create', directory: home, config: '[record]\nquiet-ms = 3000\n' })) as string,
      point,
    }
  }

  async function call(request: EngineRequest): Promise<unknown> {
    const { value, error } = await engine.ask(request)
    if (error !== undefined) throw new Error(error)
    return value
  }

  it('loses nothing that was answered when it is killed', async () => {
    const { root, point } = await begin(null)
    await call({ call: 'open', root })
    await call({ call: 'mount', point, transport: 'fuse-native' })
    await sh(point, 'echo recorded > a')
    await call({ call: 'flush' })
    await sh(point, 'mkdir d; echo waiting > d/b; mv a d/a; echo more >> d/a; ln d/a c; ln -s c s; rm c')
    const before = await tree(point)
    const { pending } = (await call({ call: 'status' })) as SessionStatus
    expect(pending.operations).toBeGreaterThan(0)
    await engine.kill()
    await expect(readdir(point)).rejects.toMatchObject({ code: 'ENOTCONN' })
    await detach(point)
    engine = new Helper('twin-engine', home, null)
    await call({ call: 'open', root })
    await call({ call: 'mount', point, transport: 'kernel' })
    expect(await tree(point)).toBe(before)
  })

  it.runIf(process.getuid?.() === 0)('may be an ordinary user', async () => {
    const owner = { uid: 65534, gid: 65534 }
    const { root, point } = await begin(owner)
    // What Ize leaves there while nothing is mounted.
    writeFileSync(join(point, 'note.txt'), 'This folder is empty.')
    await call({ call: 'open', root })
    await call({ call: 'mount', point, transport: 'fuse-native' })
    const { stdout } = await promisify(execFile)(
      '/bin/sh',
      ['-ec', `cd "$0"; ls; echo text > f; stat -c '%u %g %a' f; cat f`, point],
      { cwd: '/', ...owner },
    )
    expect(stdout).toBe('65534 65534 644\ntext\n')
    await call({ call: 'unmount' })
    expect(await readdir(point)).toEqual(['note.txt'])
    await call({ call: 'close' })
  })
})
