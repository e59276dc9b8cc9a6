import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeFd } from '../../src-main/engine/sys/native.ts'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { detach } from '../../src-main/engine/project/stale-mounts.ts'
import type { EngineAnswer, EngineAnswers, EngineRequest } from './twin-engine.ts'
import type { TwinEvent, TwinOperation, TwinStep } from './twin-operations.ts'
import { compareHistory, comparePijul, compareStable, compareWorking } from './twin-places.ts'
import type { PlayerAnswer, PlayerRequest } from './twin-player.ts'
import { Helper, type Owner } from './twin-process.ts'
import { openRoot, readTree, type TreeFile } from './twin-tree.ts'

/** Where the two trees, or the places of one, part. */
export class TwinDifference extends Error {
  constructor(
    readonly step: number,
    message: string,
  ) {
    super(message)
  }
}

/** A project, mounted, and a plain directory beside it; one process plays on both, another is the engine. */
export class Twin {
  private readonly directory = mkdtempSync(join(tmpdir(), 'ize-twin-'))
  private readonly mountPoint = join(this.directory, 'm', 'mount')
  private readonly plain = join(this.directory, 'p', 'plain')
  private readonly player: Helper<PlayerRequest, PlayerAnswer>
  private engine: Helper<EngineRequest, EngineAnswer>
  private root = ''
  private step = 0
  /** Recording that goes on beside the operations. */
  private recording: Promise<unknown> | null = null

  private constructor(private readonly owner: Owner | null) {
    for (const folder of ['', 'm', 'p', 'm/mount', 'p/plain']) {
      const path = join(this.directory, folder)
      mkdirSync(path, { recursive: true })
      if (owner && folder !== 'm' && folder !== 'p') chownSync(path, owner.uid, owner.gid)
      chmodSync(path, 0o755)
    }
    this.player = new Helper('twin-player', this.directory, owner)
    this.engine = new Helper('twin-engine', this.directory, owner)
  }

  static async start(config: string, owner: Owner | null): Promise<Twin> {
    const twin = new Twin(owner)
    try {
      twin.root = await twin.call({ call: 'create', directory: twin.directory, config })
      await twin.open()
    } catch (error) {
      await twin.remove()
      throw error
    }
    return twin
  }

  /** Errors: TwinDifference. */
  async run(steps: readonly TwinStep[]): Promise<void> {
    let waiting: TwinOperation[] = []
    for (const [index, step] of steps.entries()) {
      if ('do' in step) {
        waiting.push(step)
        continue
      }
      await this.play(waiting)
      waiting = []
      this.step = index
      await this.event(step)
      this.step = index + 1
    }
    await this.play(waiting)
    await this.finish()
  }

  async remove(): Promise<void> {
    await this.player.kill()
    await this.engine.kill()
    await detach(this.mountPoint).catch(() => undefined)
    rmSync(this.directory, { recursive: true, force: true })
  }

  private async play(operations: readonly TwinOperation[]): Promise<void> {
    if (operations.length === 0) return
    const { done, difference } = await this.player.ask({ play: operations })
    if (difference !== undefined) {
      this.step += done ?? 0
      this.fail(difference)
    }
    this.step += operations.length
  }

  private async event({ event }: TwinEvent): Promise<void> {
    await this.sameTrees()
    if (event === 'record') {
      await this.recording
      this.recording = this.call({ call: 'flush' })
      // Failures are seen when it is waited for.
      this.recording.catch(() => undefined)
      return
    }
    const before = await this.mountTree()
    switch (event) {
      case 'flush':
        await this.flush()
        await this.samePlaces(before)
        break
      case 'forget':
        if (this.owner === null) execFileSync('mount', ['-i', '-o', 'remount', this.mountPoint])
        break
      case 'remount':
        await this.recording
        await this.player.ask({ leave: true })
        await this.call({ call: 'unmount' })
        await this.mount()
        break
      case 'reopen':
        await this.recording
        await this.player.ask({ leave: true })
        await this.call({ call: 'close' })
        await this.open()
        break
      case 'kill':
        await this.engine.kill()
        this.recording = null
        await this.player.ask({ leave: true })
        await detach(this.mountPoint)
        this.engine = new Helper('twin-engine', this.directory, this.owner)
        await this.open()
    }
    const changed = compareStable(before, await this.mountTree())
    if (changed) this.fail(`after ${event}: ${changed}`)
    await this.sameTrees()
  }

  /** Everything in every place, then once more after a remount. */
  private async finish(): Promise<void> {
    await this.event({ event: 'flush' })
    await this.event({ event: 'remount' })
    const plain = this.plainTree()
    await this.player.ask({ leave: true })
    await this.call({ call: 'close' })
    const pijul = await this.call({ call: 'pijul', root: this.root })
    const difference = comparePijul(pijul, plain, this.plain)
    if (difference) this.fail(difference)
    await this.engine.end()
    await this.player.end()
  }

  private async samePlaces(mount: readonly TreeFile[]): Promise<void> {
    const plain = this.plainTree()
    const working = tree(projectLayout(this.root).working)
    const history = await this.call({ call: 'history', root: this.root })
    const difference = compareWorking(working, mount, plain) ?? compareHistory(history, mount, plain)
    if (difference) this.fail(`when all was recorded: ${difference}`)
  }

  private async sameTrees(): Promise<void> {
    const { difference } = await this.player.ask({ compare: true })
    if (difference !== undefined) this.fail(difference)
  }

  private async mountTree(): Promise<readonly TreeFile[]> {
    return (await this.player.ask({ tree: true })).tree ?? []
  }

  private plainTree(): readonly TreeFile[] {
    return tree(this.plain)
  }

  private async flush(): Promise<void> {
    await this.recording
    this.recording = null
    await this.call({ call: 'flush' })
  }

  private async open(): Promise<void> {
    await this.call({ call: 'open', root: this.root })
    await this.mount()
  }

  private async mount(): Promise<void> {
    await this.call({ call: 'mount', point: this.mountPoint })
    await this.player.ask({ enter: { mount: this.mountPoint, plain: this.plain } })
  }

  private async call<R extends EngineRequest>(request: R): Promise<EngineAnswers[R['call']]> {
    const { value, error, problems } = await this.engine.ask(request)
    if (error !== undefined) this.fail(`the engine could not ${request.call}: ${error}`)
    if (problems.length > 0) this.fail(`the engine complained: ${problems.join('\n')}`)
    return value as EngineAnswers[R['call']]
  }

  private fail(message: string): never {
    throw new TwinDifference(this.step, message)
  }
}

function tree(path: string): TreeFile[] {
  const fd = openRoot(path)
  try {
    return readTree(fd)
  } finally {
    closeFd(fd)
  }
}
