import { afterEach, describe, expect, it } from 'vitest'
import { projectLayout } from '../../src-main/engine/project/layout.ts'
import { CrashProject } from '../support/crash-project.ts'
import { SmallDisk, type SmallDiskKind } from '../support/small-disk.ts'

const CONFIG = 'record.quiet-ms = 40\nrecord.max-wait-ms = 150\n'
const kinds: SmallDiskKind[] = ['tmpfs', 'ext4']
/** Room that comes back when something else goes. */
const BALLAST = 120

let project: CrashProject | null = null
let disk: SmallDisk | null = null
afterEach(async () => {
  disk?.remove()
  await project?.remove()
  project = disk = null
})

// Only root may mount a disk to fill.
describe.runIf(process.getuid?.() === 0).each(kinds)('on a full %s', (kind) => {
  async function start(): Promise<{ project: CrashProject; disk: SmallDisk }> {
    project = await CrashProject.create(CONFIG, (directory) => {
      disk = new SmallDisk(kind, directory, 256)
      return `${disk.folder}/central`
    })
    return { project, disk: disk as unknown as SmallDisk }
  }

  it('programs get ENOSPC, deletes work, what was written is there, and all goes on once there is room', async () => {
    const { project, disk } = await start()
    const shell = async (script: string): Promise<string> => project.shell(`PLAIN=${project.plain}; ${script}`)
    disk.take(BALLAST)
    // Until there is no room: by then the recorder has stopped as well, or stops with the next operation.
    const said = await shell(
      `for i in $(seq 2000); do
        head -c 200000 /dev/urandom > "$PLAIN/f$i"
        cp "$PLAIN/f$i" f$i || { rm -f f$i "$PLAIN/f$i"; break; }
      done; ls | wc -l`,
    )
    expect(said).toContain('No space left on device')
    expect(Number(said.trim().split('\n').at(-1))).toBeGreaterThan(50)
    await project.expectTwins()
    expect(
      await shell(
        'echo x > one-more; rm -f one-more; for i in $(seq 30); do rm f$i "$PLAIN/f$i"; done; cmp f31 "$PLAIN/f31"; for d in . "$PLAIN"; do mv $d/f31 $d/f1; truncate -s 10 $d/f32; done',
      ),
    ).not.toContain('rm:')
    await project.expectTwins()
    expect(project.engine.running).toBe(true)

    await project.engine.kill()
    await project.restart()
    await project.expectTwins()
    const status = await project.engine.ask('projects.status', { project: 'crash' })
    expect(status.mounted).toBe(true)

    disk.free()
    await project.flush()
    expect(await shell('echo more | tee "$PLAIN/more" > more; cat more')).toBe('more\n')
    await project.expectPlaces(true)
  })

  it('filled by something else, a project waits, keeps what it had, and goes on', async () => {
    const { project, disk } = await start()
    await project.shell(`echo kept | tee ${project.plain}/kept > kept`)
    await project.flush()
    disk.fill()
    const said = await project.shell('head -c 3000000 /dev/urandom > big; echo again; rm -f big; cat kept; rm kept; ls')
    expect(said).toContain('No space left on device')
    expect(said.slice(said.indexOf('again'))).toBe('again\nkept\n')
    await project.shell('rm kept', project.plain)
    await project.engine.kill()
    expect(await project.restart()).toBeNull()
    await project.expectTwins()
    disk.free()
    await project.flush()
    expect((await project.engine.ask('projects.status', { project: 'crash' })).problem).toBeNull()
    await project.shell(`echo after | tee ${project.plain}/after > after`)
    await project.expectPlaces(true)
    expect(projectLayout(project.root).root).toContain('/disk/')
  })
})
