import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desktop } from './support/desktop.ts'
import { launchApp, type RunningApp } from './support/launch.ts'
import { screenshot } from './support/page.ts'

// What asks for a decision of the owner: files found where nothing was mounted, originals that are kept, and forgetting.
let desktop: Desktop
let running: RunningApp
let page: Page

beforeAll(async () => {
  desktop = await Desktop.start()
  const { user } = desktop
  await user.ize('init', 'thesis')
  await user.ize('mount', 'thesis', user.path('home/thesis'))
  await desktop.sh('cd ~/thesis; echo notes > notes.txt; echo same > same.txt')
  for (const secret of ['first-secret', 'second-secret', 'nothing']) {
    // Command lines are history, too: the secret is in none.
    await desktop.sh(`base64 -d <<< ${Buffer.from(`${secret}\n`).toString('base64')} > ~/thesis/key.env`)
    await user.ize('status', 'thesis', '--wait')
  }
  await user.ize('unmount', 'thesis')
  await desktop.sh(
    'cd ~/thesis; chmod u+w .; echo other > notes.txt; echo same > same.txt; mkdir new; echo new > new/plot.svg',
  )
  for (const name of ['paper', 'essay']) {
    await desktop.sh(`mkdir -p ~/${name}; cd ~/${name}; echo draft > draft.md; echo figure > figure.svg`)
    await user.ize('init', name, '--in-place', user.path('home', name))
  }
  running = await launchApp(desktop)
  page = running.page
  page.setDefaultTimeout(30_000)
}, 180_000)

afterAll(async () => {
  await running?.close()
  await desktop?.end()
}, 60_000)

async function goTo(route: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`)
}

/** Lets the original of a project be as old as its owner is to be asked about it. */
async function age(project: string): Promise<void> {
  const week = 8 * 86_400_000
  await desktop.sh(
    `for file in "$IZE_CENTRAL_DIR"/projects/*/meta/before-ize.json; do
       grep -q '/${project}.before-ize"' "$file" || continue
       since=$(sed -n 's/.*"since": \\([0-9.]*\\),.*/\\1/p' "$file" | cut -d. -f1)
       sed -i "s/\\"since\\": [0-9.]*/\\"since\\": $((since - ${week}))/" "$file"
     done`,
  )
}

describe('files that were put where nothing was mounted', () => {
  it('are taken in as new files, over nothing', async () => {
    await goTo('/p/thesis/pending')
    const card = page.getByRole('region', { name: 'Files that are not in the project' })
    await card.getByText('new, notes.txt, same.txt').waitFor()
    await screenshot(page, 'found')
    await card.getByRole('button', { name: 'Mount and take it in' }).click()
    await page.getByText(/2 files and folders taken in; 1 file there already; notes.txt stands beside/).waitFor()
    await screenshot(page, 'found-taken-in')
    await card.waitFor({ state: 'detached' })
    expect(await desktop.sh('cd ~/thesis; cat notes.txt notes\\ \\(found*; cat new/plot.svg')).toBe(
      'notes\nother\nnew\n',
    )
    expect(await desktop.sh('cat ~/thesis\\ \\(taken\\ in*/notes.txt')).toBe('other\n')
  })
})

describe('the folder whose place a project took', () => {
  const card = () => page.getByRole('region', { name: 'The folder as it was before' })

  it('is shown in the settings, and by itself only when it is old', async () => {
    await goTo('/p/paper/settings')
    await card().getByText('~/paper.before-ize').waitFor()
    await goTo('/p/paper/pending')
    await page.getByRole('tab', { name: 'What waits', selected: true }).waitFor()
    await card().waitFor({ state: 'detached' })
    await age('paper')
    await age('essay')
    await goTo('/')
    await goTo('/p/paper/pending')
    await card()
      .getByText(/2 files/)
      .waitFor()
    await screenshot(page, 'before-ize')
  })

  it('is deleted only when asked, and asked again', async () => {
    await card().getByRole('button', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete the folder as it was before?' })
    await dialog.getByText(/goes from this computer for good: 2 files/).waitFor()
    await dialog.getByRole('button', { name: 'Keep it' }).click()
    expect(await desktop.sh('ls ~/paper.before-ize')).toBe('draft.md\nfigure.svg\n')
    await card().getByRole('button', { name: 'Delete…' }).click()
    await dialog.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText(/paper.before-ize was deleted. The project and its history stay/).waitFor()
    await card().waitFor({ state: 'detached' })
    expect(await desktop.sh('ls ~/paper; ls -d ~/*.before-ize')).toMatch(/^draft.md\nfigure.svg\n.*essay.before-ize\n$/)
  })

  it('is not deleted from here once it was changed: what differs is named, and it can be moved', async () => {
    await desktop.sh('echo more >> ~/essay.before-ize/draft.md; mkdir ~/attic')
    await goTo('/p/essay/pending')
    await card().getByText('draft.md').waitFor()
    expect(await card().getByRole('button', { name: 'Delete…' }).count()).toBe(0)
    await screenshot(page, 'before-ize-changed')
    await running.app.evaluate(
      ({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths })
      },
      [desktop.user.path('home/attic')],
    )
    await card().getByRole('button', { name: 'Move to…' }).click()
    await page.getByText(/Moved to .*attic/).waitFor()
    expect(await desktop.sh('cat ~/attic/essay.before-ize/draft.md')).toBe('draft\nmore\n')
  })
})

describe('forgetting', () => {
  const dialog = () => page.getByRole('dialog', { name: /^Forget/ })

  it('says what goes and what stays, and asks for the name', async () => {
    await goTo('/p/thesis?path=key.env&from=1')
    await page.getByRole('button', { name: 'More for this file' }).click()
    await page.getByRole('menuitem', { name: 'Forget…' }).click()
    await dialog().getByText('1 version goes for good').waitFor()
    await dialog().getByText('All past versions').click()
    await dialog().getByText('2 versions go for good').waitFor()
    await dialog()
      .getByText(/These stay, since a file has their content now/)
      .waitFor()
    await dialog()
      .getByText(/Seals and proofs stay good/)
      .waitFor()
    await screenshot(page, 'forget')
    const button = dialog().getByRole('button', { name: 'Forget for good' })
    expect(await button.isDisabled()).toBe(true)
    await dialog().getByLabel('Type key.env to go on').fill('key.env')
    await button.click()
    await page.getByText(/Forgotten: 2 versions of key.env/).waitFor()
    expect((await desktop.user.run(['show', 'thesis', 'key.env@1'])).code).not.toBe(0)
    expect(await desktop.sh('cat ~/thesis/key.env')).toBe('nothing\n')
    await desktop.sh('! grep -rqa second-secret "$IZE_CENTRAL_DIR"')
  })

  it('is reached from the settings, by the path of the file', async () => {
    await goTo('/p/thesis/settings')
    await page.getByRole('button', { name: 'Forget the past of a file…' }).click()
    await dialog().getByLabel('File').fill('key.env')
    await dialog().getByRole('button', { name: 'Show what would go' }).click()
    await dialog().getByText('Nothing can be forgotten here.').waitFor()
    await dialog().getByText('2 versions of it were forgotten already.').waitFor()
    await screenshot(page, 'forget-nothing')
    await dialog().getByRole('button', { name: 'Close' }).last().click()
  })
})
