import { mkdirSync, writeFileSync } from 'node:fs'
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

const run = (script: string): string => sh(project.point, `export HOME=${project.directory}\n${script}`)
const git = 'git -c user.name=t -c user.email=t@example.org -c init.defaultBranch=main'

/** Version number of a path in history; 0 when it has none that is alive. */
function versions(path: string): number {
  const index = HistoryIndex.open(project.layout.index)
  try {
    return index.fileAt(path)?.number ?? 0
  } finally {
    index.close()
  }
}

async function remount(): Promise<void> {
  await project.unmount()
  await project.mount()
}

describe('git on the mount', () => {
  it('commits, checks out, rebases, collects and checks; its own files have no history', async () => {
    run(`${git} init -q . && for i in $(seq 200); do mkdir -p d$((i % 10)); echo "line $i" > d$((i % 10))/f$i; done`)
    run(
      `${git} add . && ${git} commit -qm one && ${git} checkout -qb side && echo side >> d1/f1 && ${git} commit -qam side`,
    )
    run(
      `${git} checkout -q main && echo main > d2/new && ${git} add . && ${git} commit -qm main && ${git} rebase -q main side`,
    )
    run(`${git} gc -q && ${git} fsck --strict --no-dangling`)
    expect(run(`${git} status --porcelain`)).toBe('')
    await project.session.flush()
    expect(versions('d1/f1')).toBeGreaterThan(0)
    expect(versions('d2/new')).toBeGreaterThan(0)
    expect(versions('.git/HEAD')).toBe(0)
    expect(run(`${git} fsck --strict --no-dangling; cat .git/HEAD`)).toContain('side')
  })

  it('finds every file as it knew it after recording and a remount, so that it hashes nothing again', async () => {
    run(`${git} init -q . && for i in $(seq 100); do echo $i > f$i; done && ${git} add . && ${git} commit -qm one`)
    // Entries as young as the index itself are hashed again everywhere; let them age.
    run(`sleep 1.1; ${git} status --porcelain; ${git} update-index -q --refresh`)
    const before = run('stat -c "%i %s %Y %Z %b %n" f*')
    await project.session.flush()
    expect(run('stat -c "%i %s %Y %Z %b %n" f*')).toBe(before)
    await remount()
    expect(run('stat -c "%i %s %Y %Z %b %n" f*')).toBe(before)
    // diff-files trusts the index: a file whose facts changed would be named.
    expect(run(`${git} diff-files --name-only`)).toBe('')
  })
})

describe('sqlite on the mount', () => {
  it('keeps a database in WAL mode whole, with two writers, through recording and a remount', async () => {
    const sql = (text: string): string => run(`sqlite3 -cmd '.timeout 20000' db "${text}"`).trim()
    expect(sql('PRAGMA journal_mode=WAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);')).toBe('wal')
    run(`insert() { for i in $(seq 40); do sqlite3 -cmd '.timeout 20000' db "INSERT INTO t(b) VALUES ('$1 $i')"; done; }
      insert x & insert y & wait`)
    expect(sql('SELECT count(*) FROM t; PRAGMA integrity_check;')).toBe('80\nok')
    await project.session.flush()
    await remount()
    expect(sql('SELECT count(*) FROM t; PRAGMA integrity_check;')).toBe('80\nok')
    expect(versions('db')).toBeGreaterThan(0)
  })
})

describe('copying programs on the mount', () => {
  it('tar and rsync give back what they took, with modes, times, links and holes', async () => {
    const source = join(project.directory, 'source')
    mkdirSync(source)
    sh(
      source,
      `mkdir -p a/b c; head -c 300000 /dev/urandom > a/bin; echo text > a/b/t; chmod 640 a/b/t; ln -s b/t a/link
      ln a/bin c/hard; truncate -s 5M c/hole; echo end >> c/hole; mkfifo c/p
      touch -h -d '2001-02-03 04:05:06.123456789' a/b/t a/link c/p`, // rsync leaves times alone that differ by less than a second
    )
    run(
      `tar --format=posix -cSf ${project.directory}/t.tar -C ${source} . && mkdir t r && tar xpf ${project.directory}/t.tar -C t`,
    )
    run(`rsync -aHS ${source}/ r/`)
    const facts = `find . -printf '%P %y %m %s %TY-%Tm-%Td %TT %n %l\\n' | grep -v ' d ' | sort; find . -type f -exec sha1sum {} + | sort`
    const wanted = sh(source, facts)
    expect(run(`cd t; ${facts}`)).toBe(wanted)
    expect(run(`cd r; ${facts}`)).toBe(wanted)
    await project.session.flush()
    await remount()
    expect(run(`cd t; ${facts}`)).toBe(wanted)
    expect(run(`cd r; ${facts}`)).toBe(wanted)
    expect(run(`rsync -aHSn --itemize-changes --checksum ${source}/ r/`)).toBe('')
    expect(versions('t/a/b/t')).toBe(1)
  })
})

describe('building on the mount', () => {
  it('npm installs a real package, which has no history, and the manifest has', async () => {
    run('npm init -y >/dev/null && npm install --no-audit --no-fund --silent is-number@7.0.0')
    expect(run(`node -p 'require("is-number")(5)'`).trim()).toBe('true')
    await project.session.flush()
    await remount()
    expect(run(`node -p 'require("is-number")(5)'`).trim()).toBe('true')
    expect(versions('package.json')).toBeGreaterThan(0)
    expect(versions('node_modules/is-number/index.js')).toBe(0)
  })

  it('cargo builds and runs a crate; its target directory is a cache', async () => {
    mkdirSync(join(project.point, 'crate/src'), { recursive: true })
    writeFileSync(
      join(project.point, 'crate/Cargo.toml'),
      '[package]\nname = "c"\nversion = "0.1.0"\nedition = "2021"\n',
    )
    writeFileSync(join(project.point, 'crate/src/main.rs'), 'fn main() { println!("built") }\n')
    const cargo = 'HOME=$OLD_HOME cargo'
    expect(
      sh(project.point, `OLD_HOME=$HOME; cd crate && ${cargo} build --offline -q 2>&1 && target/debug/c`),
    ).toContain('built')
    await project.session.flush()
    expect(versions('crate/src/main.rs')).toBe(1)
    expect(versions('crate/target/debug/c')).toBe(0)
    await remount()
    expect(sh(project.point, 'crate/target/debug/c')).toContain('built')
  })
})
