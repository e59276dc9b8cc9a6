import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

/** The ways into the window from a desktop: a path, a link, a file manager's menu; put there and taken away in Settings. */
let desktop: Desktop
let running: RunningApp
let page: Page
let home: string

const others = `<?xml version="1.0" encoding="UTF-8"?>
<actions>
<action>
\t<icon>utilities-terminal</icon>
\t<name>Open Terminal Here</name>
\t<unique-id>1700000000000000-1</unique-id>
\t<command>exo-open --working-directory %f --launch TerminalEmulator</command>
\t<patterns>*</patterns>
\t<startup-notify/>
\t<directories/>
</action>
</actions>
`

beforeAll(async () => {
  desktop = await Desktop.start()
  home = desktop.user.home
  // File managers that are there to be asked for; only their presence counts.
  await desktop.sh(
    `mkdir -p ~/bin ~/thesis/figures ~/.config/Thunar; cd ~/bin
    for name in nautilus dolphin thunar; do ln -s /bin/true $name; done
    seq 9 > ~/thesis/chapter.md; echo plot > '~/thesis/figures/plot 1.svg'`.replaceAll("'~/", "~/'"),
  )
  await desktop.sh(`cat > ~/.config/Thunar/uca.xml <<'END'\n${others}END`)
  desktop.user.env['PATH'] = `${home}/bin:${desktop.user.env['PATH'] ?? ''}`
  await desktop.user.ize('init', 'thesis', '--from', `${home}/thesis`)
  await desktop.user.ize('mount', 'thesis', `${home}/work`)
  await desktop.sh('ln -s ~/work ~/shortcut; rm ~/work/chapter.md')
  await desktop.user.ize('status', 'thesis', '--wait')
  running = await launchApp(desktop, { args: ['--history', `${home}/work/chapter.md`] })
  page = running.page
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

const route = (): Promise<string> => page.evaluate(() => decodeURIComponent(location.hash.replaceAll('+', ' ')))
const goTo = (to: string) => page.evaluate((hash) => (location.hash = hash), to)
const exists = async (path: string): Promise<boolean> =>
  (await desktop.sh(`[ -e ~/${path} ] && echo yes || true`)) !== ''

test('started with a path it shows the history of what is there, or was', async () => {
  await expect.poll(route).toBe('#/p/thesis?path=chapter.md')
  await page.getByRole('heading', { name: 'chapter.md' }).first().waitFor()
})

test('`ize open` brings the window to any path, by whatever links it is written', async () => {
  await desktop.user.ize('open', `${home}/work/figures/plot 1.svg`)
  await expect.poll(route).toBe('#/p/thesis?path=figures/plot 1.svg')
  await desktop.user.ize('open', `${home}/shortcut/figures`)
  await expect.poll(route).toBe('#/p/thesis?path=figures')
  await desktop.user.ize('open', `${home}/shortcut/chapter.md`)
  await expect.poll(route).toBe('#/p/thesis?path=chapter.md')
  await desktop.user.ize('open', `${home}/work`)
  await expect.poll(route).toBe('#/p/thesis')
  // What no project has is searched for by its name.
  await desktop.user.ize('open', `${home}/elsewhere/plot 1.svg`)
  await expect.poll(route).toBe('#/?text=plot 1.svg')
  await page.getByText('figures/plot 1.svg').first().waitFor()
})

/** Files that each of them puts into the home, below which what they run stands. */
const files = {
  'ize:// links': '.local/share/applications/ize-links.desktop',
  'Start at login': '.config/autostart/ize.desktop',
  'Entry in the menu of programs': '.local/share/applications/ize.desktop',
  'History in Files (Nautilus)': '.local/share/nautilus/scripts/Browse history',
  'History in Dolphin': '.local/share/kio/servicemenus/ize.desktop',
} as const
const toggle = (name: string) => page.getByRole('switch', { name })

test('what is put into the desktop is put there only when asked, and works', { timeout: 120_000 }, async () => {
  await goTo('/settings/desktop')
  for (const name of [...Object.keys(files), 'History in Thunar']) {
    expect(await toggle(name).isChecked()).toBe(false)
    await toggle(name).click()
    await expect.poll(() => toggle(name).isChecked()).toBe(true)
  }
  await screenshot(page, 'settings-desktop')
  for (const file of Object.values(files)) expect(await exists(`'${file}'`)).toBe(true)

  expect(await desktop.sh('xdg-mime query default x-scheme-handler/ize')).toBe('ize-links.desktop\n')
  await runs(`xdg-open 'ize://open/p/thesis?path=figures'`, '#/p/thesis?path=figures')
  await runs(`"$HOME/${files['History in Files (Nautilus)']}" ~/work/chapter.md`, '#/p/thesis?path=chapter.md')
  // On the background of a folder nothing is chosen.
  await runs(`cd ~/work/figures; "$HOME/${files['History in Files (Nautilus)']}"`, '#/p/thesis?path=figures')
  const dolphin = await exec(files['History in Dolphin'])
  await runs(dolphin.replace('%f', '~/work/chapter.md'), '#/p/thesis?path=chapter.md')
  const [, thunar = ''] =
    /<command>(.* --history %f)<\/command>/.exec(await desktop.sh('cat ~/.config/Thunar/uca.xml')) ?? []
  await runs(thunar.replace('%f', '~/work'), '#/p/thesis')
  // At login the app comes without a window; one that runs stays as it is.
  await desktop.sh(await exec(files['Start at login']))
  await desktop.sh(await exec(files['Entry in the menu of programs']))
  expect(await route()).toBe('#/p/thesis')
  expect(await running.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
})

/** What a desktop entry runs; the words in it are quoted as a shell quotes them. */
async function exec(file: string): Promise<string> {
  return (await desktop.sh(`sed -n 's/^Exec=//p' "$HOME/${file}"`)).trim()
}

async function runs(command: string, where: string): Promise<void> {
  await desktop.sh(command)
  await expect.poll(route).toBe(where)
}

test('it is taken away without a trace, and what others put there stays', async () => {
  await goTo('/settings/desktop')
  for (const name of [...Object.keys(files), 'History in Thunar']) {
    await toggle(name).click()
    await expect.poll(() => toggle(name).isChecked()).toBe(false)
  }
  for (const file of Object.values(files)) expect(await exists(`'${file}'`)).toBe(false)
  expect(await desktop.sh('cat ~/.config/Thunar/uca.xml')).toBe(others)
  expect(await desktop.sh('grep -rl ize ~/.config/mimeapps.list ~/.local/share/applications || true')).toBe('')
})

test('what someone else put in the place stays, and is said to be theirs', async () => {
  await desktop.sh(`echo mine > "$HOME/${files['Start at login']}"`)
  await goTo('/settings/general')
  await goTo('/settings/desktop')
  await page.getByText('ize.desktop was not made by Ize.').waitFor()
  expect(await toggle('Start at login').count()).toBe(0)
  await until(async () => (await desktop.sh(`cat "$HOME/${files['Start at login']}"`)) === 'mine\n')
})
