import { chmodSync, mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundleDirectory } from '../../src-main/client/engine-process.ts'
import { nodeProgram } from '../../src-main/client/node-program.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ize-node-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the engine runs on', () => {
  it('the Node that runs the command', () => {
    expect(nodeProgram()).toEqual({ program: process.execPath, env: {} })
  })

  it("Electron's own Node, where that is new enough", () => {
    expect(nodeProgram({ node: '20.18.3', electron: '33.0.0' }, '/opt/Ize/ize-app', '/usr/bin')).toEqual({
      program: '/opt/Ize/ize-app',
      env: { ELECTRON_RUN_AS_NODE: '1' },
    })
  })

  it('the node of the PATH, where it is not', () => {
    const old = { node: '16.17.1', electron: '22.3.25' }
    for (const name of ['first', 'second', 'third']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'second/node'), 'not a program')
    chmodSync(join(folder, 'second/node'), 0o644)
    symlinkSync(process.execPath, join(folder, 'third/node'))
    // A relative folder of the PATH is whatever the working folder makes of it.
    const path = ['.', 'bin', join(folder, 'first'), join(folder, 'third')].join(':')
    expect(nodeProgram(old, '/opt/Ize/ize-app', path)).toEqual({ program: join(folder, 'third/node'), env: {} })
    expect(() => nodeProgram(old, '/opt/Ize/ize-app', join(folder, 'first'))).toThrow(
      expect.objectContaining({ code: 'E_NODE_MISSING' }),
    )
  })
})

it('the bundles that plain Node runs lie beside the archive of the packaged app', () => {
  expect(bundleDirectory('/opt/Ize/resources/app.asar/out/app.cjs')).toBe('/opt/Ize/resources/app.asar.unpacked/out')
  expect(bundleDirectory('/opt/Ize/resources/app.asar.unpacked/out/cli.cjs')).toBe(
    '/opt/Ize/resources/app.asar.unpacked/out',
  )
  expect(bundleDirectory('/home/ada/ize/out/cli.cjs')).toBe('/home/ada/ize/out')
})
