import { basename } from 'node:path'
import { configFiles, readConfig } from '../config/config.ts'
import { IzeError } from '../ize-error.ts'
import { checkSource } from './check-source.ts'
import { tooLarge } from './import-plan.ts'
import type { ImportPlan } from './import-types.ts'
import type { Preview, PreviewCounts, PreviewRequest } from './preview-source.ts'
import type { Registry } from './registry.ts'
import { inThread, type WorkOptions } from './thread-work.ts'

export interface ImportPreview extends Preview {
  /** A name for the project that is free. */
  readonly name: string
  /** Resolved where it may be looked at. */
  readonly folder: string
  /** What the import would end with; null: nothing. */
  readonly refused: IzeError | null
}

const NOTHING: ImportPlan = { files: 0, directories: 0, bytes: 0, needed: 0, free: 0, unversioned: [] }

/** What `createProject` from a folder would do, with what it would refuse and why. Errors: E_CANCELLED. */
export async function previewImport(
  registry: Registry,
  from: string,
  options: WorkOptions<PreviewCounts>,
): Promise<ImportPreview> {
  const { central } = registry
  const name = await registry.freeName(basename(from))
  let folder = from
  try {
    folder = await checkSource(from, central.path)
    const { ignore: patterns } = await readConfig(configFiles(central.path))
    const request = { source: folder, projects: central.projects, patterns }
    const found = await inThread<PreviewRequest, PreviewCounts, Preview>('preview-worker', request, options)
    const { needed, free } = found.plan
    return { ...found, name, folder, refused: needed > free ? tooLarge(found.plan, folder) : null }
  } catch (error) {
    if (!(error instanceof IzeError) || error.code === 'E_CANCELLED') throw error
    return { plan: NOTHING, large: [], secrets: [], name, folder, refused: error }
  }
}
