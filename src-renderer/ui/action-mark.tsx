import type { Result } from '../../src-preload/contract.ts'
import './action-mark.css'

type Action = Result<'history.recent'>['removed'][number]['action']

const marks = {
  create: { letter: 'A', heard: 'added' },
  edit: { letter: 'M', heard: 'changed' },
  delete: { letter: 'D', heard: 'deleted' },
  rename: { letter: 'R', heard: 'renamed' },
  attributes: { letter: 'P', heard: 'properties changed' },
} as const satisfies Record<Action, { letter: string; heard: string }>

/** What happened to a path: one letter in its colour, and a word for those who hear it. */
export function ActionMark({ action }: { readonly action: Action }) {
  const { letter, heard } = marks[action]
  return (
    <span className={`action-mark ${action}`} title={heard}>
      <span aria-hidden="true">{letter}</span>
      <span className="heard">{heard}</span>
    </span>
  )
}
