import { Command as Cmdk } from 'cmdk'
import * as Radix from '@radix-ui/react-dialog'
import { Clock, CornerDownLeft, FileText, Folder, FolderClosed, History, Stamp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { call } from '../bridge/call.ts'
import { momentName, openName } from '../entrance/entrance-actions.ts'
import { readQuery } from '../entrance/search-query.ts'
import { rankNames } from '../entrance/search-rows.ts'
import { useEachProject } from '../entrance/use-each-project.ts'
import { type Project, useProjects } from '../state/projects.ts'
import { go, useRoute } from '../state/route.ts'
import { pastTime } from '../ui/time.ts'
import { visible } from '../ui/visible.ts'
import { commandsFor } from './commands.ts'
import { fitting } from './fitting.ts'
import './palette.css'

const DEBOUNCE_MS = 120
const [NAMES, CHANGES] = [12, 6]
/** A seal is named by words and digits of its own; shorter parts name half the history. */
const LEAST_SEAL = 4

/** Finds anything: files, moments, seals, projects, commands. What fits is the engine's to say. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const projects = useProjects((store) => store.projects) ?? []
  const route = useRoute((store) => store.route)
  const here = 'project' in route ? (projects.find(({ name }) => name === route.project) ?? null) : null
  const pick = (run: () => void) => (): void => {
    onClose()
    run()
  }
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="heard">Find anything</Radix.Title>
          <Cmdk shouldFilter={false} label="Find anything" loop>
            <Cmdk.Input
              value={typed}
              onValueChange={setTyped}
              placeholder="A file, a moment, a seal, a project, or what to do"
            />
            <Cmdk.List>
              <Found typed={typed} projects={projects} pick={pick} />
              <Local typed={typed} projects={projects} here={here} pick={pick} />
              <Cmdk.Empty>Nothing fits.</Cmdk.Empty>
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface GroupProps {
  readonly typed: string
  readonly projects: readonly Project[]
  readonly pick: (run: () => void) => () => void
}

function Local({ typed, projects, here, pick }: GroupProps & { readonly here: Project | null }) {
  const named = fitting(projects, typed)
  const commands = fitting(commandsFor(here), typed)
  return (
    <>
      {named.length > 0 && (
        <Cmdk.Group heading="Projects">
          {named.map(({ id, name }) => (
            <Line
              key={id}
              value={`project ${id}`}
              icon={<FolderClosed size={15} />}
              name={name}
              onSelect={pick(() => go({ screen: 'history', project: name }))}
            />
          ))}
        </Cmdk.Group>
      )}
      {commands.length > 0 && (
        <Cmdk.Group heading="Do">
          {commands.map(({ name, run }) => (
            <Line
              key={name}
              value={`do ${name}`}
              icon={<CornerDownLeft size={15} />}
              name={name}
              onSelect={pick(run)}
            />
          ))}
        </Cmdk.Group>
      )}
    </>
  )
}

/** What the projects know of it. */
function Found({ typed, projects, pick }: GroupProps) {
  const { text, at } = readQuery(typed, { now: Date.now(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone })
  const names = projects.map(({ name }) => name)
  const question = text === '' ? null : text
  const found = useEachProject(
    names,
    question,
    (project, signal) => call('history.find', { project, text, limit: NAMES }, { signal }),
    { delay: DEBOUNCE_MS },
  )
  const sealed = useEachProject(
    names,
    text.length < LEAST_SEAL ? null : text,
    (project, signal) => call('history.tree', { project, version: text, deep: false, limit: 1 }, { signal }),
    { delay: DEBOUNCE_MS },
  )
  const each = [...found.byProject]
  const files = rankNames(
    each.flatMap(([project, { names: hits }]) => hits.map((hit) => ({ ...hit, project }))),
    text,
  ).slice(0, NAMES)
  const changes = each
    .flatMap(([project, { changes: hits }]) => hits.map((hit) => ({ ...hit, project })))
    .slice(0, CHANGES)
  const versions = [...sealed.byProject.keys()].map((project) => ({ project, version: text }))
  return (
    <>
      {(at !== null || versions.length > 0) && (
        <Cmdk.Group heading="As it was">
          {at !== null &&
            names.map((project) => (
              <Line
                key={project}
                value={`time ${project}`}
                icon={<Clock size={15} />}
                name={project}
                about={pastTime(at)}
                onSelect={pick(() => go({ screen: 'history', project, at, view: 'tree' }))}
              />
            ))}
          {versions.map(({ project, version }) => (
            <Line
              key={`${project} ${version}`}
              value={`version ${project}`}
              icon={<Stamp size={15} />}
              name={`Version “${version}”`}
              about={project}
              onSelect={pick(() => go({ screen: 'history', project, at: version, view: 'tree' }))}
            />
          ))}
        </Cmdk.Group>
      )}
      {files.length > 0 && (
        <Cmdk.Group heading="Files and folders">
          {files.map((hit) => (
            <Line
              key={`${hit.project} ${hit.path} ${hit.time}`}
              value={`file ${hit.project} ${hit.path} ${hit.time}`}
              icon={hit.type === 'directory' ? <Folder size={15} /> : <FileText size={15} />}
              name={hit.path}
              about={`${hit.present ? '' : 'deleted · '}${hit.project}`}
              onSelect={pick(() => openName(hit, at))}
            />
          ))}
        </Cmdk.Group>
      )}
      {changes.length > 0 && (
        <Cmdk.Group heading="Moments">
          {changes.map(({ project, change, note, paths, programs, time }) => (
            <Line
              key={`${project} ${change}`}
              value={`moment ${project} ${change}`}
              icon={<History size={15} />}
              name={note ?? `${programs.join(', ')} ${paths[0]?.path ?? ''}`}
              about={`${pastTime(time)} · ${project}`}
              onSelect={pick(() =>
                go({ screen: 'history', project, moment: momentName({ first: change, last: change }) }),
              )}
            />
          ))}
        </Cmdk.Group>
      )}
    </>
  )
}

interface LineProps {
  readonly value: string
  readonly icon: ReactNode
  readonly name: string
  readonly about?: string
  readonly onSelect: () => void
}

function Line({ value, icon, name, about, onSelect }: LineProps) {
  return (
    <Cmdk.Item value={value} onSelect={onSelect}>
      {icon}
      <span className="clip">{visible(name)}</span>
      {about !== undefined && <small className="clip">{visible(about)}</small>}
    </Cmdk.Item>
  )
}
