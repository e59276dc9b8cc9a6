import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { configFiles, getConfig, setConfig } from '../../../src-main/engine/config/config.ts'
import { openCentralDirectory, type CentralDirectory } from '../../../src-main/engine/project/central-directory.ts'
import { projectLayout } from '../../../src-main/engine/project/layout.ts'
import { newProjectFile } from '../../../src-main/engine/project/project-file.ts'
import { Registry } from '../../../src-main/engine/project/registry.ts'

let directory: string
let central: CentralDirectory
let registry: Registry

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ize-registry-'))
  central = await openCentralDirectory(join(directory, 'data/ize'))
  registry = new Registry(central)
})
afterEach(() => rm(directory, { recursive: true }))

async function add(name: string): Promise<string> {
  const uuid = randomUUID()
  const root = join(central.projects, uuid)
  await mkdir(join(root, 'meta'), { recursive: true })
  await writeFile(projectLayout(root).projectToml, newProjectFile({ uuid, name, created: '2026-11-21T10:00:00.000Z' }))
  return uuid
}

describe('the central directory', () => {
  it('is made on demand and shut to others', async () => {
    expect((await stat(central.path)).mode & 0o777).toBe(0o700)
    await chmod(central.path, 0o755)
    await openCentralDirectory(central.path)
    expect((await stat(central.path)).mode & 0o777).toBe(0o700)
  })

  it('that is a file is refused', async () => {
    await writeFile(join(directory, 'file'), '')
    await expect(openCentralDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'E_CENTRAL_DIR' })
  })
})

describe('projects', () => {
  it('are found by name in any case and by uuid, and listed by name', async () => {
    const b = await add('b "quoted" = \\ ü')
    const a = await add('Alpha')
    expect((await registry.list()).projects.map(({ uuid }) => uuid)).toEqual([a, b])
    expect((await registry.find('alpha')).uuid).toBe(a)
    expect((await registry.find('b "quoted" = \\ u\u0308')).uuid).toBe(b)
    expect(await registry.find(b)).toEqual({
      uuid: b,
      name: 'b "quoted" = \\ ü',
      created: '2026-11-21T10:00:00.000Z',
      root: join(central.projects, b),
      mountPoint: null,
      mounted: false,
    })
    await expect(registry.find('gamma')).rejects.toMatchObject({
      code: 'E_PROJECT_UNKNOWN',
      message: 'There is no project "gamma". There are: Alpha, b "quoted" = \\ ü.',
    })
  })

  it('leave half-made and removed ones out, and name damaged ones', async () => {
    await mkdir(join(central.projects, `.${randomUUID()}.partial`))
    const whole = await add('whole')
    const broken = await add('broken')
    const newer = await add('newer')
    await writeFile(projectLayout(join(central.projects, broken)).projectToml, '[project]\nname = "broken"\n')
    await writeFile(projectLayout(join(central.projects, newer)).projectToml, '[project]\nformat = 7\n')
    const { projects, damaged } = await registry.list()
    expect(projects.map(({ uuid }) => uuid)).toEqual([whole])
    expect(Object.fromEntries(damaged.map(({ uuid, problem }) => [uuid, problem.code]))).toEqual({
      [broken]: 'E_PROJECT_DAMAGED',
      [newer]: 'E_PROJECT_VERSION',
    })
    await expect(registry.find(broken)).rejects.toMatchObject({ code: 'E_PROJECT_DAMAGED' })
  })

  it('have unique names, also while one is being made', async () => {
    await add('one')
    await expect(registry.reserve('ONE')).rejects.toMatchObject({ code: 'E_NAME_TAKEN' })
    const release = await registry.reserve('two')
    await expect(registry.reserve('two')).rejects.toMatchObject({ code: 'E_NAME_TAKEN' })
    release()
    ;(await registry.reserve('two'))()
  })

  it.each(['', ' a', 'a/b', '-a', '.a', 'a\nb', 'x'.repeat(101), '3f2504e0-4f89-41d3-9a0c-0305e82c3301'])(
    'cannot be called %j',
    async (name) => {
      await expect(registry.reserve(name)).rejects.toMatchObject({ code: 'E_NAME_INVALID' })
    },
  )

  it('remember name and mount point beside the settings in their file', async () => {
    const record = await registry.find(await add('one'))
    const toml = projectLayout(record.root).projectToml
    const files = configFiles(central.path, toml)
    await Promise.all([
      setConfig(files, 'project', 'history.granularity', 'op'),
      registry.setMount(record, '/mnt/ö', true),
      setConfig(files, 'project', 'ignore', '["x"]'),
    ])
    const renamed = await registry.rename(record, 'uno')
    expect(renamed).toMatchObject({ name: 'uno', mountPoint: '/mnt/ö', mounted: true })
    expect((await getConfig(files, 'history.granularity')).value).toBe('op')
    expect((await getConfig(files, 'ignore')).value).toEqual(['x'])
    expect(await registry.setMount(renamed, null, false)).toMatchObject({ mountPoint: null, mounted: false })
    expect(await readFile(toml, 'utf8')).toContain('# Kept by Ize.')
  })
})
