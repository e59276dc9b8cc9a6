import { mkdtemp, readdir, realpath, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openCentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { createProject } from '../../../src-main/engine/project/create-project.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'
import { removeProject } from '../../../src-main/engine/project/remove-project.ts'
import { removeTree } from '../../../src-main/engine/sys/remove-tree.ts'

it('a removed project is gone, and its name free again', async () => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'ize-remove-')))
  try {
    const registry = new Registry(await openCentralDirectory(join(directory, 'central')))
    const { project } = await createProject(registry, { name: 'p', from: null })
    const { project: other } = await createProject(registry, { name: 'q', from: null })
    await removeProject(registry.central, project)
    await expect(stat(project.root)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await readdir(registry.central.projects)).toEqual([other.uuid])
    await expect(registry.find('p')).rejects.toMatchObject({ code: 'E_PROJECT_UNKNOWN' })
    await createProject(registry, { name: 'p', from: null })
  } finally {
    await removeTree(directory)
  }
})
