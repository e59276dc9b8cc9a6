import { AlertTriangle, FolderInput, KeyRound } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Result } from '../../src-preload/contract.ts'
import { homePath } from '../shell/home-path.ts'
import { useProjects } from '../state/projects.ts'
import { useSettings } from '../state/settings.ts'
import { Button } from '../ui/button.tsx'
import { counted, size } from '../ui/count.ts'
import { Field } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { visible } from '../ui/visible.ts'
import { chooseFolder } from './choose-folder.ts'
import { importFolder } from './import-folder.ts'
import { nameTrouble } from './project-name.ts'

interface ImportFormProps {
  readonly folder: string
  readonly preview: Result<'projects.preview'>
}

/** What goes in, what does not, under which name and where. */
export function ImportForm({ folder, preview }: ImportFormProps) {
  const home = useSettings(({ info }) => info?.home ?? null)
  const projects = useProjects((store) => store.projects)
  const [name, setName] = useState(preview.name)
  const [chosen, setChosen] = useState<string | null>(null)
  const [place, setPlace] = useState<'elsewhere' | 'own'>('elsewhere')
  const [busy, setBusy] = useState(false)
  const where = chosen ?? `${home ?? ''}/Ize/${name}`
  const trouble = nameTrouble(name, projects?.map((one) => one.name) ?? [])
  const tight = preview.free < preview.needed
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    if (!(await importFolder({ name, folder, mountPoint: place === 'own' ? null : where }))) setBusy(false)
  }
  const choose = async (): Promise<void> => {
    const at = await chooseFolder({ title: 'In which folder should the project appear?', button: 'Choose' })
    if (at !== null) setChosen(`${at === '/' ? '' : at}/${name}`)
  }
  return (
    <form className="form" onSubmit={(event) => void begin(event)}>
      <section className="panel">
        <h2>What goes in</h2>
        <dl className="facts-list">
          <Fact label="Files">
            {counted(preview.files, 'file')} in {counted(preview.directories, 'folder')}, {size(preview.bytes)}
          </Fact>
          <Fact label="Space">
            up to {size(preview.needed)} needed, {size(preview.free)} free
          </Fact>
          {preview.unversioned.length > 0 && (
            <Fact label="Without history">
              <Paths paths={preview.unversioned} /> are taken over too, but their versions are not kept.
            </Fact>
          )}
        </dl>
        {tight && (
          <p className="field-error" role="alert">
            There is not enough space for it: free {size(preview.needed - preview.free)} more, or take a smaller folder.
          </p>
        )}
      </section>
      {preview.secrets.length > 0 && (
        <section className="panel warning">
          <h2>
            <KeyRound size={15} /> These look like keys or passwords
          </h2>
          <ul>
            {preview.secrets.slice(0, SHOWN).map(({ path, why }) => (
              <li key={path}>
                <span className="mono">{visible(path)}</span> <span className="mute">{why}</span>
              </li>
            ))}
          </ul>
          <More count={preview.secrets.length - SHOWN} />
          <p>What is remembered can still be read after it was deleted. Move them out first if that must not be.</p>
        </section>
      )}
      {preview.large.length > 0 && (
        <section className="panel warning">
          <h2>
            <AlertTriangle size={15} /> Very large files
          </h2>
          <ul>
            {preview.large.slice(0, SHOWN).map(({ path, bytes }) => (
              <li key={path}>
                <span className="mono">{visible(path)}</span> <span className="mute">{size(bytes)}</span>
              </li>
            ))}
          </ul>
          <More count={preview.large.length - SHOWN} />
          <p>Each version of them takes space; parts that stay the same are kept once.</p>
        </section>
      )}
      <section className="panel form">
        <Field label="Name" error={trouble}>
          {(ties) => (
            <input
              {...ties}
              className="input"
              value={name}
              autoFocus
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="field">
          <strong>Where it will be</strong>
          <Segmented
            label="Where it will be"
            value={place}
            options={[
              { value: 'elsewhere', label: 'In a folder of its own' },
              { value: 'own', label: 'In its own place' },
            ]}
            onChange={setPlace}
          />
        </div>
        {place === 'own' && (
          <p className="mute">
            The project takes the place of {visible(homePath(preview.folder, home))}. The folder as it is now is kept
            beside it as {visible(`${preview.folder.slice(preview.folder.lastIndexOf('/') + 1)}.before-ize`)}.
          </p>
        )}
        {place === 'elsewhere' && (
          <Field
            label="Where you will work in it"
            hint={`A new folder, ${visible(homePath(where, home))}, shows the project. The folder you chose stays as it is and is only read.`}
          >
            {(ties) => (
              <span className="input-row">
                <input
                  {...ties}
                  className="input"
                  value={where}
                  spellCheck={false}
                  onChange={(event) => setChosen(event.target.value)}
                />
                <Button onClick={() => void choose()}>Choose…</Button>
              </span>
            )}
          </Field>
        )}
      </section>
      <footer>
        <Button
          look="main"
          type="submit"
          icon={<FolderInput size={16} />}
          disabled={busy || tight || trouble !== null || !where.startsWith('/')}
        >
          {busy ? 'Bringing it in…' : 'Remember this folder'}
        </Button>
      </footer>
    </form>
  )
}

const SHOWN = 5

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Paths({ paths }: { readonly paths: readonly string[] }) {
  const rest = paths.length - SHOWN
  return (
    <>
      <span className="mono">{paths.slice(0, SHOWN).map(visible).join(', ')}</span>
      {rest > 0 && ` and ${counted(rest, 'other')}`}
    </>
  )
}

function More({ count }: { readonly count: number }) {
  return count > 0 ? <p className="mute">and {counted(count, 'other')}</p> : null
}
