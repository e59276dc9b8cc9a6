import { FolderOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { call, CallError, codeOf } from '../bridge/call.ts'
import { addFolder } from '../shell/add-folder.ts'
import { go } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { number, size } from '../ui/count.ts'
import { Empty, Failure } from '../ui/notice.tsx'
import { Progress } from '../ui/progress.tsx'
import { visible } from '../ui/visible.ts'
import { ImportForm } from './import-form.tsx'
import './new-project.css'

type Preview = Result<'projects.preview'>
type Look =
  | { readonly kind: 'looking'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'seen'; readonly preview: Preview }
  | { readonly kind: 'failed'; readonly error: CallError }

/** A folder becomes a project: first what goes in is shown; nothing happens before the button is pressed. */
export function NewProject({ folder }: { readonly folder: string | null }) {
  const { look, again } = useLook(folder)
  if (folder === null) {
    return (
      <>
        <h1 className="heard">A new project</h1>
        <Empty
          title="Which folder should be remembered?"
          action={
            <Button look="main" icon={<FolderOpen size={16} />} onClick={() => void addFolder()}>
              Choose a folder…
            </Button>
          }
        >
          Drop it anywhere on this window, or choose it.
        </Empty>
      </>
    )
  }
  return (
    <div className="new-project">
      <h1>Remember {visible(folder.slice(folder.lastIndexOf('/') + 1)) || 'this folder'}</h1>
      <p className="mono mute">{visible(folder)}</p>
      {look.kind === 'looking' && (
        <section className="panel" role="status">
          <Progress label="Looking at the folder" done={look.files} total={null} />
          <p>
            Looking at what is in it: {number(look.files)} files, {size(look.bytes)} so far.
          </p>
          <div className="actions">
            <Button onClick={() => go({ screen: 'entrance' })}>Cancel</Button>
          </div>
        </section>
      )}
      {look.kind === 'failed' && <Failure error={look.error} onAgain={again} />}
      {look.kind === 'failed' && <Elsewhere />}
      {look.kind === 'seen' && look.preview.refused !== null && (
        <section className="panel problem" role="alert">
          <h2>This cannot become a project</h2>
          <p>{visible(look.preview.refused.message)}</p>
          <Elsewhere />
        </section>
      )}
      {look.kind === 'seen' && look.preview.refused === null && <ImportForm folder={folder} preview={look.preview} />}
    </div>
  )
}

function Elsewhere() {
  return (
    <div className="actions">
      <Button icon={<FolderOpen size={15} />} onClick={() => void addFolder()}>
        Choose another folder…
      </Button>
    </div>
  )
}

/** Looks at the folder anew whenever it is shown; leaving the screen ends it. */
function useLook(folder: string | null): { look: Look; again: () => void } {
  const [look, setLook] = useState<Look>({ kind: 'looking', files: 0, bytes: 0 })
  const [tries, setTries] = useState(0)
  useEffect(() => {
    if (folder === null) return
    const controller = new AbortController()
    const { signal } = controller
    setLook({ kind: 'looking', files: 0, bytes: 0 })
    const onProgress = ({ files, bytes }: { files: number; bytes: number }): void => {
      if (!signal.aborted) setLook({ kind: 'looking', files, bytes })
    }
    call('projects.preview', { from: folder }, { signal, onProgress }).then(
      (preview) => !signal.aborted && setLook({ kind: 'seen', preview }),
      (error: unknown) => {
        if (signal.aborted || codeOf(error) === 'E_CANCELLED') return
        setLook({ kind: 'failed', error: error instanceof CallError ? error : new CallError('', String(error), {}) })
      },
    )
    return () => controller.abort()
  }, [folder, tries])
  return { look, again: () => setTries((n) => n + 1) }
}
