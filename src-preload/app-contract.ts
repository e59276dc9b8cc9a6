import { z } from 'zod'
import { absolutePath, projectName, projectPath, versionName } from './schemas.ts'

/**
 * What a window can ask of the process that shows it (Electron's main process, or the server behind `ize ui`), beside
 * what it can ask of the engine (contract.ts); and what it is told.
 */

/** Where the connection to the engine stands. */
export const engineState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('running'), version: z.string(), pid: z.number().int() }),
  /** It ended by itself and is started again at `retryAt` (milliseconds since 1970). */
  z.object({ kind: z.literal('restarting'), attempt: z.number().int(), retryAt: z.number(), message: z.string() }),
  /** Not tried again until asked to. */
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string(), log: z.string().nullable() }),
])

export const appSettings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
  /** Which notifications are shown. */
  notifications: z.enum(['all', 'problems', 'none']),
  /** What becomes of mounted projects when the app is quit. */
  onQuit: z.enum(['leave-mounted', 'unmount']),
  /** Single letters as shortcuts in lists. */
  letterShortcuts: z.boolean(),
  diff: z.object({
    layout: z.enum(['side-by-side', 'inline']),
    words: z.boolean(),
    ignoreWhiteSpace: z.boolean(),
    wrap: z.boolean(),
  }),
  /** The screen of the first start was seen. */
  welcomed: z.boolean(),
  /** It was said once that the engine goes on without a window. */
  toldOfEngine: z.boolean(),
})
/** What is not named stays as it is. */
export const appSettingsChange = appSettings.partial()

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web']),
  /** Version of Electron; null in a browser. */
  electron: z.string().nullable(),
  /** A tray is shown; without one, closing the last window quits. */
  tray: z.boolean(),
  home: absolutePath,
})

/** Something that is done to the desktop and can be undone. */
export const integration = z.object({
  id: z.enum(['links', 'autostart', 'nautilus', 'dolphin', 'thunar', 'menu']),
  state: z.enum(['on', 'off', 'elsewhere', 'unavailable']),
  /** What it is, or why it cannot be had, in one sentence. */
  detail: z.string(),
})

interface Method {
  readonly params: z.ZodType
  readonly result: z.ZodType
}
const none = z.strictObject({})
const version = z.strictObject({ project: projectName, path: projectPath, version: versionName.optional() })

export const appMethods = {
  'app.info': { params: none, result: appInfo },
  'app.engineState': { params: none, result: engineState },
  /** Tries to start the engine again after `failed`. */
  'app.restartEngine': { params: none, result: none },
  /** Last lines of the engine's log. */
  'app.engineLog': { params: none, result: z.object({ path: z.string(), text: z.string() }) },
  /** The projects as they lie on the disk, asked of no engine: `folder` has the files as they were last put there. */
  'app.plainFiles': {
    params: none,
    result: z.object({ projects: z.array(z.object({ id: z.string(), name: z.string(), folder: absolutePath })) }),
  },
  /** Shows them in the file manager. */
  'app.openPlainFiles': { params: z.strictObject({ project: z.string() }), result: none },
  /** Copies them into a new folder in `into`; what cannot be copied is named, and left. */
  'app.copyPlainFiles': {
    params: z.strictObject({ project: z.string(), into: absolutePath }),
    result: z.object({
      written: absolutePath,
      files: z.number().int(),
      left: z.array(z.object({ path: projectPath, why: z.string() })),
      /** Paths beyond those told. */
      more: z.number().int(),
    }),
  },
  'app.settings': { params: none, result: appSettings },
  'app.changeSettings': { params: appSettingsChange, result: appSettings },
  /** The desktop's own dialog; null: nothing was chosen, or there is no such dialog here. */
  'app.chooseFolder': {
    params: z.strictObject({ title: z.string(), button: z.string(), at: absolutePath.optional() }),
    result: z.object({ folder: absolutePath.nullable() }),
  },
  /** Names of the folders in a folder, for a chooser of our own where the desktop's cannot be had. */
  'app.listFolders': {
    params: z.strictObject({ folder: absolutePath }),
    result: z.object({ folder: absolutePath, parent: absolutePath.nullable(), folders: z.array(z.string()) }),
  },
  /** Shows a project's folder, or what is at `path` in it, in the file manager. Only of a mounted project. */
  'app.openFolder': {
    params: z.strictObject({ project: projectName, path: projectPath.optional() }),
    result: none,
  },
  /** Opens a version, read only, in the program for its type. */
  'app.openVersion': { params: version, result: none },
  /** Begins to drag a version out of the window. */
  'app.dragVersion': { params: version, result: none },
  'app.copyText': { params: z.strictObject({ text: z.string() }), result: none },
  'app.integrations': { params: none, result: z.object({ integrations: z.array(integration) }) },
  'app.setIntegration': {
    params: z.strictObject({ id: integration.shape.id, on: z.boolean() }),
    result: z.object({ integrations: z.array(integration) }),
  },
  'app.quit': { params: none, result: none },
  /** Quits now, whatever waits: it is saved, and comes into history with the next start. */
  'app.quitNow': { params: none, result: none },
} as const satisfies Record<string, Method>

export const appEvents = {
  'app.engine': engineState,
  'app.settingsChanged': appSettings,
  /** The app is quitting and brings into history what waits; null: it does not quit after all. */
  'app.quitting': z
    .object({ waiting: z.array(z.object({ project: z.string(), operations: z.number().int() })) })
    .nullable(),
  /** The window is asked to show a place: the text of a route (src-renderer/state/route.ts). */
  'app.show': z.object({ route: z.string() }),
} as const

export type AppMethodName = keyof typeof appMethods
export type AppParams<M extends AppMethodName> = z.infer<(typeof appMethods)[M]['params']>
export type AppResult<M extends AppMethodName> = z.infer<(typeof appMethods)[M]['result']>
export type AppEventName = keyof typeof appEvents
export type AppEventPayload<E extends AppEventName> = z.infer<(typeof appEvents)[E]>
export type EngineState = z.infer<typeof engineState>
export type AppSettings = z.infer<typeof appSettings>
export type AppInfo = z.infer<typeof appInfo>
