import { statSync } from 'node:fs'
import { parse, stringify } from 'smol-toml'
import { z } from 'zod'
import { readText } from '../config/config-file.ts'
import { editTomlFile } from '../config/edit-file.ts'
import { readToml } from '../config/statements.ts'
import { IzeError } from '../ize-error.ts'
import { projectLayout } from './layout.ts'

const FORMAT = 1

const projectTable = z.object({
  format: z.literal(FORMAT),
  name: z.string().min(1),
  uuid: z.uuid(),
  /** RFC 3339, UTC. */
  created: z.iso.datetime(),
  'mount-point': z.string().optional(),
  mounted: z.boolean().optional(),
})

/** What is known of a project without opening it: the `[project]` table of its meta/project.toml. */
export interface ProjectRecord {
  readonly uuid: string
  readonly name: string
  readonly created: string
  /** `projects/{uuid}` */
  readonly root: string
  /** Where it was mounted last or is to be mounted; null: never said. */
  readonly mountPoint: string | null
  /** It was mounted and nobody unmounted it: mount it again after a crash. */
  readonly mounted: boolean
}

/** What was read last, by file, with what stat(2) said of it just before: every request asks for it. */
const read = new Map<string, { readonly stamp: string; readonly record: ProjectRecord }>()

/** Errors: E_PROJECT_DAMAGED, E_PROJECT_VERSION, E_CONFIG_SYNTAX. */
export async function readProjectFile(root: string): Promise<ProjectRecord> {
  const file = projectLayout(root).projectToml
  const stamp = stampOf(file)
  const known = read.get(file)
  if (known && known.stamp === stamp) return known.record
  const record = await parseProjectFile(root, file)
  if (stamp !== null) read.set(file, { stamp, record })
  return record
}

/** Null: it cannot be looked at, which reading it will say. A file is replaced by rename, so another one has another inode. */
function stampOf(file: string): string | null {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : null
}

async function parseProjectFile(root: string, file: string): Promise<ProjectRecord> {
  const text = await readText(file)
  readToml(text, file)
  const table = parse(text)['project'] as Record<string, unknown> | undefined
  if (typeof table?.['format'] === 'number' && table['format'] > FORMAT) {
    throw new IzeError(
      'E_PROJECT_VERSION',
      `The project in ${root} was made by a newer version of Ize (format ${table['format']}). Use that one.`,
      { root },
    )
  }
  const result = projectTable.safeParse(table)
  if (!result.success) {
    const why = result.error.issues
      .map((issue) => `${issue.path.join('.') || '[project]'}: ${issue.message}`)
      .join('; ')
    throw new IzeError('E_PROJECT_DAMAGED', `${file} does not describe a project (${why}). Run "ize doctor".`, {
      root,
      file,
    })
  }
  const { uuid, name, created, mounted } = result.data
  return { uuid, name, created, root, mountPoint: result.data['mount-point'] ?? null, mounted: mounted ?? false }
}

/** Text of a new project's meta/project.toml. */
export function newProjectFile(facts: {
  readonly uuid: string
  readonly name: string
  readonly created: string
}): string {
  const table = stringify({ project: { format: FORMAT, name: facts.name, uuid: facts.uuid, created: facts.created } })
  return `# Kept by Ize. Settings of this project may be added: ize config set --project, "ize config list" shows them.\n${table}\n`
}

export async function editProjectFile(
  record: ProjectRecord,
  changes: { readonly name?: string; readonly mountPoint?: string | null; readonly mounted?: boolean },
): Promise<ProjectRecord> {
  const edits: Record<string, unknown> = {}
  if (changes.name !== undefined) edits['project.name'] = changes.name
  if (changes.mountPoint !== undefined) edits['project.mount-point'] = changes.mountPoint ?? undefined
  if (changes.mounted !== undefined) edits['project.mounted'] = changes.mounted || undefined
  await editTomlFile(projectLayout(record.root).projectToml, edits)
  return readProjectFile(record.root)
}
