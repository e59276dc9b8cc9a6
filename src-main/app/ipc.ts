import { ipcMain, type IpcMainEvent, type WebContents } from 'electron'
import type { AppEventName, AppEventPayload } from '../../src-preload/app-contract.ts'
import { FROM_HOST, FROM_WINDOW } from '../../src-preload/channels.ts'
import type { EngineLink } from '../window/engine-link.ts'
import { type AppHandlers, WindowSession } from '../window/window-session.ts'
import { PAGE_ORIGIN } from './pages.ts'

/** The windows that are open, as conversations over IPC. Only the top frame of a page of ours is heard. */
export class Windows {
  private readonly sessions = new Map<WebContents, WindowSession>()
  /** The place to show, asked for before a page could hear of it. */
  private next: string | null = null

  /** Answers them, and passes on what the engine tells. */
  serve(engine: EngineLink, handlersOf: (sender: WebContents) => AppHandlers): void {
    ipcMain.on(FROM_WINDOW, (event, message: unknown) => {
      if (isOurs(event)) this.sessionOf(event.sender, engine, handlersOf).receive(message)
    })
    engine.listen({
      state: (state) => this.tell('app.engine', state),
      event: (event, payload) => {
        for (const session of this.sessions.values()) session.forward(event, payload)
      },
    })
  }

  tell<E extends AppEventName>(event: E, payload: AppEventPayload<E>): void {
    for (const session of this.sessions.values()) session.tell(event, payload)
  }

  /** Shows a place; a page that is only being loaded goes there with its first word. */
  show(route: string): void {
    if (this.sessions.size === 0) this.next = route
    else this.tell('app.show', { route })
  }

  private sessionOf(
    sender: WebContents,
    engine: EngineLink,
    handlersOf: (sender: WebContents) => AppHandlers,
  ): WindowSession {
    const known = this.sessions.get(sender)
    if (known) return known
    const session = new WindowSession(engine, handlersOf(sender), (message) => {
      if (!sender.isDestroyed()) sender.send(FROM_HOST, message)
    })
    this.sessions.set(sender, session)
    if (this.next !== null) session.tell('app.show', { route: this.next })
    this.next = null
    const end = (): void => {
      session.end()
      this.sessions.delete(sender)
    }
    sender.once('destroyed', end)
    sender.once('did-start-loading', end)
    return session
  }
}

function isOurs(event: IpcMainEvent): boolean {
  const frame = event.senderFrame
  return frame !== null && frame === event.sender.mainFrame && frame.url.startsWith(`${PAGE_ORIGIN}/`)
}
