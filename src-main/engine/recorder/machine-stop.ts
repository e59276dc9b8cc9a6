import { currentBoot } from '../oplog/boot.ts'
import type { LogState } from '../oplog/state-file.ts'
import type { PlanFile } from './plan-file.ts'

/**
 * Whether working/ may lack, or have in part, what was done to it: the machine was started again since, and steps were
 * begun that nobody saw reach the disk. Of those either the state tells (`clean`), or the plan, which is on the disk before
 * its first step.
 */
export function endedWithMachine(state: LogState, planFile: PlanFile, boot = currentBoot()): boolean {
  if (boot !== '' && state.boot === boot) return false
  const plan = planFile.read()
  return !state.clean || (plan === null ? planFile.exists() : plan.last > state.recorded)
}
