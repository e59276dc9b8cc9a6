import type { Result } from '../../../src-preload/contract.ts'
import type { ProjectRecord } from '../project/project-file.ts'
import type { ApiContext } from './context.ts'
import { alreadyMounted } from './sessions.ts'

/** Mounts and remembers it. Errors: E_MOUNT_*, E_MOUNTED when it is mounted elsewhere. */
export async function mountProject(
  context: ApiContext,
  project: ProjectRecord,
  wanted: string,
): Promise<Result<'projects.mount'>> {
  const { services, sessions, hub, live } = context
  const at = sessions.mountPoint(project)
  if (at === wanted) return { mountPoint: at, kept: null }
  if (at !== null) throw alreadyMounted(project, at)
  let kept: string | null = null
  const { transport } = await mountSettings(services, project)
  const mountPoint = await sessions.mount(project, async (session) => {
    const prepared = await services.mountPoints.prepare(wanted, sessions.mountPoints())
    kept = prepared.kept
    const guard = services.mountPoints.guard(prepared.mountPoint)
    try {
      await session.mount(prepared.mountPoint, transport)
      guard.shut()
    } catch (error) {
      await services.mountPoints.release(prepared.mountPoint)
      throw error
    } finally {
      guard.close()
    }
    return prepared.mountPoint
  })
  await services.registry.setMount(project, mountPoint, true)
  live.stir(project)
  hub.projectsChanged()
  return { mountPoint, kept }
}

async function mountSettings(
  { config }: ApiContext['services'],
  project: ProjectRecord,
): Promise<{ transport: 'kernel' | 'fuse-native' }> {
  const { value } = await config.get(project, 'mount.transport')
  return { transport: value === 'fuse-native' ? 'fuse-native' : 'kernel' }
}
