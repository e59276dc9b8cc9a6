import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FROM_WINDOW } from '../../src-preload/channels.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'

// What a page could do if something hostile ran in it: nothing but ask what its person may ask.
let desktop: Desktop
let running: RunningApp

beforeAll(async () => {
  desktop = await Desktop.start()
  await desktop.user.ize('init', 'thesis')
  await desktop.user.ize('mount', 'thesis', desktop.user.path('home/work'))
  running = await launchApp(desktop)
})

afterAll(async () => {
  try {
    await running?.close()
  } finally {
    await desktop?.end()
  }
})

describe('a page', () => {
  it('runs in a sandbox, apart from the preload, without Node', async () => {
    const facts = await running.app.evaluate(({ app, BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      // Not among the public methods, and the only one that tells what holds in the end.
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      const { contextIsolation, sandbox, nodeIntegration, webSecurity } = contents.getLastWebPreferences()
      const flags = ['no-sandbox', 'disable-web-security'].filter((flag) => app.commandLine.hasSwitch(flag))
      return { contextIsolation, sandbox, nodeIntegration, webSecurity, flags, uid: process.getuid?.() }
    })
    const uid = desktop.stage.account?.uid ?? process.getuid?.()
    const all = { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, flags: [], uid }
    expect(facts).toEqual(all)
    const seen = await running.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter((name) => name in window),
    )
    expect(seen).toEqual([])
    expect(await running.page.evaluate(() => Object.keys((window as unknown as { ize: object }).ize).sort())).toEqual([
      'listen',
      'pathOf',
      'send',
    ])
  })

  it('may neither run words as code, nor take scripts or pictures from elsewhere, nor ask the network', async () => {
    const refused = await running.page.evaluate(async () => {
      const directives: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      const away = document.createElement('script')
      away.src = 'https://example.org/script.js'
      const picture = document.createElement('img')
      picture.src = 'https://example.org/picture.png'
      const frame = document.createElement('iframe')
      frame.src = 'https://example.org/'
      document.body.append(script, away, picture, frame)
      await fetch('https://example.org/').catch(() => undefined)
      await fetch('file:///etc/passwd').catch(() => undefined)
      // A debugger's words may always be evaluated; a page's own, later, may not.
      let evaluated = 'not tried'
      const button = document.createElement('button')
      button.setAttribute('onclick', 'window.inlineRan = true')
      document.body.append(button)
      button.click()
      button.remove()
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          try {
            // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
            evaluated = String(new Function('return 1')())
          } catch (error) {
            evaluated = (error as Error).name
          }
          setTimeout(resolve, 200)
        }),
      )
      for (const element of [script, away, picture, frame]) element.remove()
      return { directives: [...new Set(directives)].sort(), ran: 'inlineRan' in window, evaluated }
    })
    expect(refused).toMatchObject({ ran: false, evaluated: 'EvalError' })
    expect(refused.directives).toEqual(
      expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'script-src-elem']),
    )
  })

  it('stays where it is: no other page, no other window, no permission', async () => {
    const before = running.page.url()
    const opened = await running.page.evaluate(() => window.open('https://example.org/') === null)
    await running.page.evaluate(() => {
      location.href = 'https://example.org/'
    })
    await running.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
    expect({ opened, url: running.page.url() }).toEqual({ opened: true, url: before })
    expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    expect(await running.page.evaluate(() => Notification.requestPermission())).not.toBe('granted')
  })

  it('reads no file beside its own through its scheme', async () => {
    const answers = await running.page.evaluate(async () => {
      const { origin } = new URL(document.baseURI)
      const paths = ['../app.cjs', '..%2fapp.cjs', '%2e%2e/package.json', '/etc/passwd', '..%2f..%2fpackage.json']
      const read = async (path: string): Promise<string> => {
        const answer = await fetch(`${origin === 'null' ? 'ize-app://window' : origin}/${path}`).catch(() => null)
        return answer?.ok ? await answer.text() : ''
      }
      return Promise.all(paths.map(read))
    })
    expect(answers.join('')).toBe('')
  })
})

describe('the main process', () => {
  /** Sends a request from some frame, and gives back what that frame hears. */
  const ask = `new Promise((resolve) => {
    const heard = []
    ize.listen((message) => heard.push(message))
    ize.send({ kind: 'request', id: 7001, method: 'projects.list', params: {}, progress: false })
    setTimeout(() => resolve(heard.filter((message) => message.id === 7001).length), 1500)
  })`

  it('hears its own window', async () => {
    expect(await running.page.evaluate(ask)).toBe(1)
  })

  it('does not hear a page that is not ours, though it has the same preload', async () => {
    const heard = await running.app.evaluate(async ({ app, BrowserWindow }, script) => {
      const preload = `${app.getAppPath()}/out/preload.cjs`
      const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
      await window.loadURL('data:text/html,<title>not ours</title>')
      const count = (await window.webContents.executeJavaScript(script)) as number
      window.destroy()
      return count
    }, ask)
    expect(heard).toBe(0)
  })

  it('does not hear a frame inside its own page', async () => {
    const heard = await running.app.evaluate(async ({ app, BrowserWindow }, script) => {
      const preload = `${app.getAppPath()}/out/preload.cjs`
      const preferences = { preload, sandbox: true, nodeIntegrationInSubFrames: true }
      const window = new BrowserWindow({ show: false, webPreferences: preferences })
      await window.loadURL('ize-app://window/index.html')
      const contents = window.webContents
      await contents.executeJavaScript(`new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = URL.createObjectURL(new Blob(['<title>inside</title>'], { type: 'text/html' }))
        frame.onload = () => resolve(null)
        document.body.append(frame)
      })`)
      const inside = contents.mainFrame.frames[0]
      const count = (await inside?.executeJavaScript(script)) as number
      window.destroy()
      return count
    }, ask)
    expect(heard).toBe(0)
  })

  it('answers what has the wrong shape with an error, and goes on', async () => {
    const codes = await running.page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          interface Message {
            readonly id?: number
            readonly error?: { readonly code: string }
          }
          const { ize } = window as unknown as {
            ize: { send(message: unknown): void; listen(listener: (message: Message) => void): void }
          }
          const heard = new Map<number, string>()
          const last = 8004
          ize.listen(({ id, error }) => {
            if (id === undefined || id < 8000) return
            heard.set(id, error?.code ?? 'answered')
            if (id === last) setTimeout(() => resolve([...heard.entries()].sort().map(([, code]) => code)), 200)
          })
          const request = (id: number, method: unknown, params: unknown): void =>
            ize.send({ kind: 'request', id, method, params, progress: false })
          ize.send('nonsense')
          ize.send({ kind: 'request', id: 'eight' })
          request(8001, 'engine.stop', {})
          request(8002, 'no.such.method', {})
          request(8003, 'history.entries', { project: 5 })
          request(last, 'projects.list', {})
        }),
    )
    expect(codes.slice(0, 3).every((code) => code.startsWith('E_'))).toBe(true)
    expect(codes).toHaveLength(4)
    expect(codes[3]).toBe('answered')
    expect(desktop.user.enginePid()).not.toBeNull()
  })

  it('refuses what lies outside of the project that is named, whatever is to be done with it', async () => {
    const outside = ['../../../etc/passwd', '/etc/passwd', 'a/../../b', '..']
    const asked = outside.flatMap((path): [string, object][] => [
      ['app.openFolder', { path }],
      ['app.openVersion', { path }],
      ['app.dragVersion', { path }],
      ['content.open', { path }],
      ['history.copyOut', { path, folder: desktop.user.home }],
      ['history.restore', { path, version: '1' }],
      ['history.forget', { path, dryRun: true }],
      ['projects.export', { path, folder: desktop.user.path('home/export') }],
    ])
    const codes = await running.page.evaluate(
      (questions) =>
        new Promise<string[]>((resolve) => {
          interface Message {
            readonly id?: number
            readonly error?: { readonly code: string }
          }
          const { ize } = window as unknown as {
            ize: { send(message: unknown): void; listen(listener: (message: Message) => void): void }
          }
          const heard = new Map<number, string>()
          ize.listen(({ id, error }) => {
            if (id === undefined || id < 9000) return
            heard.set(id, error?.code ?? 'answered')
            if (heard.size === questions.length) resolve(questions.map((_, index) => heard.get(9000 + index) ?? ''))
          })
          questions.forEach(([method, params], index) =>
            ize.send({
              kind: 'request',
              id: 9000 + index,
              method,
              params: { project: 'thesis', ...params },
              progress: false,
            }),
          )
        }),
      asked,
    )
    const wrong = asked.map(([method, params], index) => ({ method, params, code: codes[index] }))
    expect(wrong.filter(({ code }) => code !== 'E_PATH_OUTSIDE')).toEqual([])
    // A folder of the machine is named whole.
    expect(await desktop.sh('ls -A ~')).not.toContain('export')
  })

  it(`has no other channel than ${FROM_WINDOW}`, async () => {
    const channels = await running.app.evaluate(({ ipcMain }) => {
      const inside = ipcMain as unknown as { _invokeHandlers?: Map<string, unknown> }
      // `error` is Electron's own.
      return [...ipcMain.eventNames().map(String), ...(inside._invokeHandlers?.keys() ?? [])].filter(
        (name) => name !== 'error',
      )
    })
    expect(channels).toEqual([FROM_WINDOW])
  })
})
