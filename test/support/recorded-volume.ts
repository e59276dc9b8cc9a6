import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { VolumeHost } from '../../src-main/engine/fuse/volume-host.ts'
import { FOREVER, openIndexForReading, ROOT } from '../../src-main/engine/history/index-schema.ts'
import { walkTree } from '../../src-main/engine/history/tree-walk.ts'
import { openLog } from '../../src-main/engine/oplog/recovery.ts'
import { projectLayout, type ProjectLayout } from '../../src-main/engine/project/layout.ts'
import { Progress } from '../../src-main/engine/project/progress.ts'
import type { RecorderSettings } from '../../src-main/engine/project/worker-messages.ts'
import { PIJUL_CHANNEL } from '../../src-main/engine/recorder/pijul-names.ts'
import { Recorder } from '../../src-main/engine/recorder/recorder.ts'
import * as native from '../../src-main/engine/sys/native.ts'

const SETTINGS: RecorderSettings = {
  granularity: 'save',
  textLimit: 1_048_576,
  quietMs: 0,
  maxWaitMs: 0,
  openWriterSeconds: 3600,
  limitBytes: 1 << 30,
  limitOperations: 1_000_000,
  author: 'test',
  ignore: [],
}

/**
 * The volume of a mount thread and the recorder of a recorder thread, both in this one thread and without a mount, so
 * that whatever happens happens in the order in which a test says it does.
 */
export class RecordedVolume {
  /** What the recorder told a person. */
  readonly notices: string[] = []
  /** Called in the middle of the recorder's work, whenever the mount thread may learn of it. */
  meanwhile: () => void = () => undefined
  private readonly layout: ProjectLayout
  private running: Running | null = null

  private constructor(root: string) {
    const layout = (this.layout = projectLayout(root))
    for (const folder of [layout.working, layout.tmp, layout.dirty, layout.objects, layout.meta]) mkdirSync(folder)
  }

  static async create(): Promise<RecordedVolume> {
    const volume = new RecordedVolume(mkdtempSync(join(tmpdir(), 'ize-recorded-')))
    await volume.start()
    return volume
  }

  get host(): VolumeHost {
    return this.now.host
  }

  /** Takes all that the log holds; with `force`, files that are open for writing too. */
  async record(force: boolean): Promise<void> {
    while (await this.now.recorder.turn(this.host.log.end, force));
  }

  trim(): void {
    this.now.recorder.trim()
  }

  /** The mount goes while the recorder is at work, and another one comes. */
  async remount(): Promise<void> {
    const { recorder, host, channel } = this.now
    const { lastId, end } = host.log
    const { meanwhile } = this
    this.meanwhile = () => recorder.volumeEnded(end)
    await this.record(false)
    this.meanwhile = meanwhile
    recorder.volumeEnded(end)
    host.close()
    channel.port1.close()
    this.serve(recorder, lastId)
  }

  /** As after kill -9, whatever the recorder was at: programs lose their open files. */
  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  /** Paths that history has alive; directories end in a slash. */
  history(): string[] {
    const sqlite = openIndexForReading(this.layout.index)
    try {
      return [...walkTree(sqlite, ROOT, FOREVER - 1)]
        .map(({ path, state }) => (state.type === 'directory' ? `${path}/` : path))
        .sort()
    } finally {
      sqlite.close()
    }
  }

  /** Paths that Pijul tracks, likewise, with the content of files. */
  async pijul(): Promise<Map<string, string>> {
    const repository = await native.PijulRepository.open(this.layout.root, PIJUL_CHANNEL)
    try {
      const found = new Map<string, string>()
      for (const path of (await repository.tracked()).sort()) {
        found.set(path, path.endsWith('/') ? '' : (await repository.read(path)).toString())
      }
      return found
    } finally {
      await repository.close()
    }
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.layout.root, { recursive: true, force: true })
  }

  private get now(): Running {
    if (!this.running) throw new Error('Nothing runs.')
    return this.running
  }

  private async start(): Promise<void> {
    const recovered = openLog(this.layout.dirty)
    const recorder = await Recorder.open(this.layout, SETTINGS, {
      volume: (message) => {
        this.running?.channel.port1.postMessage(message)
        if (this.running) this.meanwhile()
      },
      stepsDone: (moves) => {
        this.running?.progress.publishSteps(moves)
        if (this.running) this.meanwhile()
      },
      recorded: () => undefined,
      notice: (message) => void this.notices.push(message),
    })
    const start = recovered.segments[0]?.startPosition ?? recovered.endPosition
    await recorder.recover({ start, end: recovered.endPosition })
    this.serve(recorder, recovered.lastId)
  }

  private serve(recorder: Recorder, lastLogged: number): void {
    const [progress, channel] = [new Progress(), new MessageChannel()]
    const lastId = Math.max(lastLogged, recorder.lastRecorded, recorder.applied)
    const { position, applied, nextIno } = recorder
    const host = new VolumeHost({
      root: this.layout.root,
      progress: progress.memory,
      from: { position, applied, nextIno, lastId },
      toRecorder: channel.port2,
      limitBytes: SETTINGS.limitBytes,
      limitOperations: SETTINGS.limitOperations,
    })
    this.running = { recorder, host, channel, progress }
  }

  private async stop(): Promise<void> {
    const { recorder, host, channel } = this.now
    this.running = null
    await recorder.close()
    host.close()
    channel.port1.close()
  }
}

interface Running {
  readonly recorder: Recorder
  readonly host: VolumeHost
  readonly channel: MessageChannel
  readonly progress: Progress
}
