import { useEffect, useRef, useState, type FormEvent } from 'react'
import { call, sentenceOf } from '../../bridge/call.ts'
import type { Moment } from '../../state/projects.ts'
import { say } from '../../state/toasts.ts'
import { tagName } from './choose.ts'

interface NameFormProps {
  readonly project: string
  readonly moment: Moment
  readonly onDone: (moment: Moment) => void
  readonly onCancel: () => void
}

/** A name for how everything was after a moment, given in its row. Escape lets it be. */
export function NameForm({ project, moment, onDone, onCancel }: NameFormProps) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus({ preventScroll: true }), [])
  const name = tagName(text)
  const give = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    if (name === '') return onCancel()
    setBusy(true)
    try {
      const message = text.trim() === name ? {} : { message: text.trim() }
      await call('tags.make', { project, name, version: moment.after, force: false, ...message })
      say('done', `Named ${name}`)
      onDone(moment)
    } catch (error) {
      setWrong(sentenceOf(error))
      setBusy(false)
    }
  }
  return (
    <form className="name-form" onSubmit={(event) => void give(event)} onClick={(event) => event.stopPropagation()}>
      <input
        ref={input}
        value={text}
        placeholder="Name this moment"
        aria-label="Name of this moment"
        aria-invalid={wrong !== null}
        title={wrong ?? undefined}
        readOnly={busy}
        onChange={(event) => {
          setText(event.target.value)
          setWrong(null)
        }}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') onCancel()
        }}
        onBlur={() => text === '' && onCancel()}
      />
      <button type="submit" className="link" aria-disabled={busy}>
        Save
      </button>
      {wrong !== null && (
        <span className="name-wrong" role="alert">
          {wrong}
        </span>
      )}
    </form>
  )
}
