import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { electronRuntime } from '../../scripts/lib/electron-runtime.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-electron-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

describe('the Electron that IZE_ELECTRON names', () => {
  it('is not quietly another one when it is absent', async () => {
    vi.stubEnv('IZE_ELECTRON', join(folder, 'electron'))
    await expect(electronRuntime()).rejects.toThrow(/IZE_ELECTRON names .* no such file/)
  })

  it('has to be one', async () => {
    vi.stubEnv('IZE_ELECTRON', process.execPath)
    await expect(electronRuntime()).rejects.toThrow(/is no Electron$/)
  })

  it('is refused with its own words when it does not run', async () => {
    vi.stubEnv('IZE_ELECTRON', '/bin/false')
    await expect(electronRuntime()).rejects.toThrow(/does not run here/)
  })
})
