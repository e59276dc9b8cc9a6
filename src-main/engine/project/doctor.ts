import { Worker } from 'node:worker_threads'
import { IzeError } from '../ize-error.ts'
import { bundleFile } from '../sys/bundle.ts'
import type { CentralDirectory } from './central-directory.ts'
import { checkMachine } from './doctor-machine.ts'
import type { ProjectCheck } from './doctor-project.ts'
import { Findings, type Finding } from './finding.ts'
import { izeMounts } from './mounts.ts'
import type { ProjectRecord } from './project-file.ts'
import type { Registry } from './registry.ts'

export interface DoctorOptions {
  readonly central: CentralDirectory
  readonly registry: Registry
  /** Null: the machine and all projects. */
  readonly project: ProjectRecord | null
  readonly signal: AbortSignal
  readonly fix?: boolean
  /** Make index.db and search.db anew, whatever their state. */
  readonly rebuildIndex?: boolean
  /**
   * Runs work while a project is closed, or throws E_ENGINE_BUSY. Without it, a project that is mounted is left out;
   * the caller then knows that no other is open.
   */
  readonly whileClosed?: <T>(project: ProjectRecord, work: () => Promise<T>) => Promise<T>
}

/** `ize doctor`: findings with remedies, the machine first. Errors: E_CANCELLED. */
export async function runDoctor(options: DoctorOptions): Promise<readonly Finding[]> {
  const { central, registry, project, signal } = options
  const { projects, damaged } = await registry.list()
  const findings: Finding[] = project ? [] : [...(await checkMachine(central))]
  if (!project) {
    for (const { uuid, problem } of damaged) {
      const own = new Findings(uuid)
      own.error(
        'project',
        problem.message,
        'Put meta/project.toml back from a backup; the rest of the project is untouched.',
      )
      findings.push(...own.list)
    }
  }
  for (const one of project ? [project] : projects) {
    if (signal.aborted) throw new IzeError('E_CANCELLED', 'The check was cancelled.')
    findings.push(...(await checkOne(one, options)))
  }
  return findings
}

async function checkOne(
  project: ProjectRecord,
  { signal, fix = false, rebuildIndex = false, whileClosed }: DoctorOptions,
): Promise<readonly Finding[]> {
  const own = new Findings(project.name)
  if ((await izeMounts()).some(({ path }) => path === project.mountPoint)) {
    own.note(
      'mounted',
      `It is mounted at ${project.mountPoint ?? ''}, and so not looked into.`,
      `For a full check, first: ize unmount "${project.name}"`,
    )
    return own.list
  }
  const check = () => inThread({ root: project.root, name: project.name, fix, rebuildIndex }, signal)
  if (!whileClosed) return check()
  try {
    return await whileClosed(project, check)
  } catch (error) {
    if (!(error instanceof IzeError) || error.code !== 'E_ENGINE_BUSY') throw error
    own.note('open', `Another command is at work on it, so it was not looked into.`, 'Try again when that is done.')
    return own.list
  }
}

async function inThread(check: ProjectCheck, signal: AbortSignal): Promise<readonly Finding[]> {
  const worker = new Worker(bundleFile('doctor-worker'), { workerData: check, name: 'doctor' })
  const cancel = () => void worker.terminate()
  signal.addEventListener('abort', cancel)
  try {
    return await new Promise<readonly Finding[]>((done, failed) => {
      worker.on('message', done)
      worker.on('error', failed)
      worker.on('exit', () =>
        failed(
          signal.aborted
            ? new IzeError('E_CANCELLED', 'The check was cancelled.')
            : new Error('The check ended without a word.'),
        ),
      )
    })
  } finally {
    signal.removeEventListener('abort', cancel)
    await worker.terminate()
  }
}
