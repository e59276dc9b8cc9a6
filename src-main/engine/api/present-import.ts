import type { Progress, Result } from '../../../src-preload/contract.ts'
import { pathToText } from '../../../src-preload/path-text.ts'
import type { ImportProgress, ImportReport } from '../project/import-types.ts'

export function presentStep(step: ImportProgress): Progress<'projects.init'> {
  return step.phase === 'plan' ? { ...step, unversioned: step.unversioned.map(pathToText) } : step
}

export function presentImport({ plan, incomplete }: ImportReport): Result<'projects.init'>['imported'] {
  return (
    plan && {
      ...plan,
      unversioned: plan.unversioned.map(pathToText),
      incomplete: incomplete.map(({ path, why }) => ({ path: pathToText(path), why })),
    }
  )
}
