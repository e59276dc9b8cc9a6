import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCentralDirectory } from '../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../src-main/engine/project/create-project.ts'
import { projectLayout, type ProjectLayout } from '../../src-main/engine/project/layout.ts'
import { openSession } from '../../src-main/engine/project/live-session.ts'
import type { ProjectSession } from '../../src-main/engine/project/session.ts'
import { Registry } from '../../src-main/engine/project/registry.ts'

/** A project in a temporary central directory, with a folder to mount it at. */
export class TestProject {
  private constructor(
    readonly directory: string,
    readonly root: string,
    readonly point: string,
    public session: ProjectSession,
  ) {}

  static async create(from: string | null = null): Promise<TestProject> {
    const directory = mkdtempSync(join(tmpdir(), 'ize-test-'))
    const central = await openCentralDirectory(join(directory, 'central'))
    const { project } = await createProject(new Registry(central), { name: 'test', from })
    const point = join(directory, 'mount')
    mkdirSync(point)
    return new TestProject(directory, project.root, point, await openSession({ root: project.root, name: 'test' }))
  }

  get layout(): ProjectLayout {
    return projectLayout(this.root)
  }

  async mount(): Promise<void> {
    await this.session.mount(this.point, 'kernel')
  }

  async unmount(): Promise<void> {
    await this.session.unmount({ force: false, lazy: false })
  }

  /** As after a restart of the engine. */
  async reopen(): Promise<void> {
    await this.session.close()
    this.session = await openSession({ root: this.root, name: 'test' })
  }

  async remove(): Promise<void> {
    await this.session.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Runs a shell script in a folder; returns what it printed. */
export function sh(folder: string, script: string): string {
  return execFileSync('/bin/bash', ['-ec', script], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
