import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openCentralDirectory } from '../../src-main/engine/project/central-directory.ts'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { Registry } from '../../src-main/engine/project/registry.ts'
import { detach } from '../../src-main/engine/project/stale-mounts.ts'
import { closeFd } from '../../src-main/engine/sys/native.ts'
import { CrashEngine, type Ended } from './crash-engine.ts'
import { compareClone, readHistory, waitingIn, type Waiting } from './crash-places.ts'
import type { PlayerAnswer, PlayerRequest } from './crash-player.ts'
import { compareHistory, compareStable, compareWorking } from './twin-places.ts'
import { Helper } from './twin-process.ts'
import { openRoot, readTree, type TreeFile } from './twin-tree.ts'

const PATIENCE_MS = 60_000
const LOOK_MS = 20

/** A project mounted by an engine that can be killed, and a plain directory beside it that a player keeps the same. */
export class CrashProject {
  readonly mountPoint: string
  readonly plain: string
  private readonly shells = new Set<ChildProcess>()

  private constructor(
    readonly directory: string,
    readonly engine: CrashEngine,
    readonly root: string,
    private readonly player: Helper<PlayerRequest, PlayerAnswer>,
  ) {
    this.mountPoint = join(directory, 'mount')
    this.plain = join(directory, 'plain')
  }

  /** `centralIn` says where the central directory is to be, given the project's own. */
  static async create(config = '', centralIn?: (directory: string) => string): Promise<CrashProject> {
    const directory = mkdtempSync(join(tmpdir(), 'ize-crash-'))
    for (const folder of ['mount', 'plain']) mkdirSync(join(directory, folder))
    const engine = new CrashEngine(directory, config, centralIn?.(directory))
    await engine.start()
    await engine.ask('projects.init', { name: 'crash' })
    const { root } = await new Registry(await openCentralDirectory(engine.central)).find('crash')
    const player = new Helper<PlayerRequest, PlayerAnswer>('crash-player', directory, null)
    const project = new CrashProject(directory, engine, root, player)
    await engine.ask('projects.mount', { project: 'crash', mountPoint: project.mountPoint })
    await project.enter()
    return project
  }

  /** The engine starts again and mounts what was mounted; null. Or says how it ended before that. */
  async restart(environment: Readonly<Record<string, string>> = {}): Promise<Ended | null> {
    const gone = await this.engine.start(environment)
    if (gone) return gone
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(LOOK_MS)) {
      if (!this.engine.running) return this.engine.whenEnded()
      const status = await this.engine.ask('projects.status', { project: 'crash' }).catch(() => null)
      if (status?.problem && !status.mounted) throw new Error(status.problem)
      if (status?.mounted !== true) continue
      await this.enter()
      return null
    }
    throw new Error(`The project was not mounted again:\n${this.engine.log.slice(-2000)}`)
  }

  private async enter(): Promise<void> {
    await this.player.ask({ enter: { mount: this.mountPoint, plain: this.plain } })
  }

  /** Plays until the engine dies or `most` steps are done. Errors: where the two trees part. */
  async play(request: Extract<PlayerRequest, { run: unknown } | { save: unknown }>): Promise<PlayerAnswer> {
    const answer = await this.player.ask(request)
    if (answer.difference !== undefined) throw new Error(answer.difference)
    return answer
  }

  /**
   * What a shell prints that works in a folder, by default the mount. It goes there by itself: whoever starts a process
   * waits for its change of folder.
   */
  async shell(script: string, folder = this.mountPoint): Promise<string> {
    const child = spawn('/bin/bash', ['-c', `cd "$FOLDER" && { ${script}\n} 2>&1`], {
      cwd: '/',
      env: { ...process.env, FOLDER: folder, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.shells.add(child)
    let said = ''
    for await (const piece of child.stdout) said += String(piece)
    this.shells.delete(child)
    return said
  }

  waiting(): Waiting {
    return waitingIn(this.root)
  }

  async flush(): Promise<void> {
    await this.engine.ask('projects.flush', { project: 'crash' })
  }

  /** Everything that returned is there, and nothing else. */
  async expectTwins(): Promise<void> {
    const { difference } = await this.player.ask({ settle: true })
    if (difference !== undefined) throw new Error(difference)
  }

  /** Recorded, the tree is the same in working/, in history and in a clone by the stock pijul; and the mount is as it was. */
  async expectPlaces(clone: boolean): Promise<void> {
    const before = await this.tree()
    await this.flush()
    const mounted = await this.tree()
    const plain = treeOf(this.plain)
    const difference =
      compareStable(before, mounted) ??
      compareWorking(treeOf(projectLayout(this.root).working), mounted, plain) ??
      compareHistory(readHistory(this.root), mounted, plain) ??
      (clone ? compareClone(this.root, plain, this.plain) : null)
    if (difference) throw new Error(difference)
  }

  private async tree(): Promise<readonly TreeFile[]> {
    return (await this.player.ask({ tree: true })).tree ?? []
  }

  async remove(): Promise<void> {
    await this.engine.kill()
    await this.player.kill()
    for (const shell of this.shells) shell.kill('SIGKILL')
    await detach(this.mountPoint).catch(() => undefined)
    // To look at what a failure left.
    if (process.env['IZE_CRASH_KEEP'] !== undefined) console.log(`kept in ${this.directory}`)
    else rmSync(this.directory, { recursive: true, force: true })
  }
}

function treeOf(path: string): TreeFile[] {
  const fd = openRoot(path)
  try {
    return readTree(fd)
  } finally {
    closeFd(fd)
  }
}
