import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desktop } from '../app/support/desktop.ts'
import { launchApp } from '../app/support/launch.ts'
import { until } from '../support/until.ts'

// What a person gets: the built app, and the package of it, installed and removed by apt. Only root can install.
const root = fileURLToPath(new URL('../..', import.meta.url))
const dist = join(root, 'dist')
const entry = '/usr/share/applications/io.github.ize.Ize.desktop'
const extension = '/usr/share/nautilus-python/extensions/ize.py'
let desktop: Desktop

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/package.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] })
  desktop = await Desktop.start()
}, 300_000)

afterAll(() => desktop?.end())

it('the built app starts from its folder, and runs the engine that it brings', async () => {
  const app = desktop.user.path('app')
  execFileSync('cp', ['-a', join(dist, 'linux-unpacked'), app])
  const running = await launchApp(desktop, { program: { executable: join(app, 'ize-app'), args: [] } })
  try {
    await until(() => desktop.user.enginePid() !== null)
    const command = await desktop.sh(
      `tr '\\0' ' ' < /proc/${desktop.user.enginePid()}/environ; ls -l /proc/${desktop.user.enginePid()}/map_files`,
    )
    expect(command).toContain(`${app}/resources/app.asar.unpacked/native/ize.node`)
    await expect.poll(() => running.page.title(), { timeout: 60_000 }).toMatch(/Ize/)
  } finally {
    await running.close()
  }
  await desktop.sh(`kill ${desktop.user.enginePid()}`)
  await until(() => desktop.user.enginePid() === null)
})

describe.runIf(process.getuid?.() === 0)('the Debian package', () => {
  const apt = (...args: string[]): string =>
    execFileSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-y', '--no-install-recommends', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  it('is installed by apt, starts from its desktop file, mounts, restores, and is purged without a trace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ize-deb-'))
    const [name = ''] = readdirSync(dist).filter((file) => file.endsWith('.deb'))
    copyFileSync(join(dist, name), join(folder, 'ize.deb'))
    execFileSync('chmod', ['-R', 'a+rX', folder])
    try {
      apt('install', join(folder, 'ize.deb'))
      const installed = execFileSync('dpkg', ['-L', 'ize'], { encoding: 'utf8' }).trim().split('\n')
      execFileSync('desktop-file-validate', [entry])
      expect(installed).toContain(extension)
      // As Nautilus run by root would: what Python makes of it goes with the package.
      execFileSync('python3', ['-m', 'py_compile', extension])
      const made = readdirSync(join(extension, '../__pycache__'))
      expect(made.length).toBe(1)
      execFileSync('appstreamcli', ['validate', '--no-net', '/usr/share/metainfo/io.github.ize.Ize.metainfo.xml'])

      await desktop.sh(`gio launch ${entry} > gio.log 2>&1`)
      await until(async () => /"Ize/.test(await desktop.sh('xwininfo -root -tree')), 60_000)
      await until(() => desktop.user.enginePid() !== null)

      // The installed command and the app share one engine.
      const pid = desktop.user.enginePid()
      await desktop.sh(`/usr/bin/ize init thesis
        /usr/bin/ize mount thesis mount
        echo first > mount/notes.txt && /usr/bin/ize status thesis --wait
        echo second > mount/notes.txt && /usr/bin/ize status thesis --wait
        rm mount/notes.txt && /usr/bin/ize status thesis --wait
        /usr/bin/ize restore thesis notes.txt 1`)
      expect(await desktop.sh('cat mount/notes.txt')).toBe('first\n')
      expect(desktop.user.enginePid()).toBe(pid)
      await desktop.sh('/usr/bin/ize unmount thesis && /usr/bin/ize daemon stop')

      apt('purge', 'ize')
      const files = installed.filter((path) => /ize/i.test(path) && existsSync(path))
      expect(files).toEqual([])
      expect(existsSync(join(extension, '../__pycache__'))).toBe(false)
      expect(existsSync(desktop.user.path('central', 'projects'))).toBe(true)
    } finally {
      rmSync(folder, { recursive: true, force: true })
      if (existsSync('/opt/Ize')) apt('purge', 'ize')
    }
  })
})
