import { pathToText } from '../../../src-preload/path-text.ts'
import { IzeError } from '../ize-error.ts'
import type { RestoreStep } from '../project/session.ts'
import type { ObjectStore } from '../store/object-store.ts'
import type { RestoreEffects } from './restore-steps.ts'

interface Plan {
  readonly steps: readonly RestoreStep[]
  readonly effects: RestoreEffects
  readonly sentence: string
}

/**
 * A plan without the files whose contents were forgotten: they stay as they are, and the sentence says so.
 * Errors: E_FORGOTTEN when it is the very file that was asked for (`wanted`).
 */
export function leaveForgotten<P extends Plan>(store: ObjectStore, plan: P, wanted: string | null): P {
  const isLost = (step: RestoreStep): boolean => step.kind === 'file' && store.isForgotten(step.object)
  const lost = new Set(plan.steps.filter(isLost).map(({ path }) => path))
  if (lost.size === 0) return plan
  if (wanted !== null && lost.has(wanted)) {
    const message = `That version of "${pathToText(wanted)}" was forgotten: its content was removed for good on demand.`
    throw new IzeError('E_FORGOTTEN', message)
  }
  // Nothing is taken away for the sake of what cannot be put in its place.
  const steps = plan.steps.filter(({ path }) => !lost.has(path))
  const without = (paths: readonly string[]): string[] => paths.filter((path) => !lost.has(path))
  const { created, overwritten, removed } = plan.effects
  const effects = { created: without(created), overwritten: without(overwritten), removed: without(removed) }
  const files =
    lost.size === 1
      ? 'One file whose content was forgotten stays'
      : `${lost.size} files whose contents were forgotten stay`
  return { ...plan, steps, effects, sentence: `${plan.sentence} ${files} as before.` }
}
