import type { SidecarChange } from '../project/worker-messages.ts'
import type { Plan } from './plan.ts'

/** What a plan changes in the table of identities, for the mount thread's copy of it. In order: the last one counts. */
export function sidecarChanges(plan: Plan): SidecarChange[] {
  const changes: SidecarChange[] = []
  const name = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  for (const step of plan.steps) {
    if (step.do === 'lift' || (step.do === 'unlink' && !step.directory)) changes.push([step.dir, name(step.path), null])
    if ((step.do === 'place' || step.do === 'link') && step.identity) {
      changes.push([step.dir, name(step.path), step.identity])
    }
    if (step.do === 'attributes' && step.table) changes.push([step.dir, name(step.path), step.attributes.identity])
  }
  return changes
}
