import { describe, expect, it } from 'vitest'
import { loadFuseNative } from '../../../../src-main/engine/fuse/native/fuse-native.ts'
import { IzeError } from '../../../../src-main/engine/ize-error.ts'

describe('loading fuse-native', () => {
  it('is refused in an Electron that does not take its buffers, with what to do', () => {
    let refusal: unknown
    try {
      loadFuseNative({ ...process.versions, electron: '45.4.1' })
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(IzeError)
    expect(refusal).toMatchObject({ code: 'E_TRANSPORT' })
    expect((refusal as IzeError).message).toMatch(/Electron 45\.4\.1.*set mount\.transport to "kernel"\.$/)
  })

  it.each([
    ["Cannot find module 'fuse-native'\nRequire stack:\n- x", /npm install fuse-native@2\.2\.6/],
    ['libfuse.so.2: cannot open shared object file: No such file or directory', /install the package libfuse2/],
    [
      'No native build was found for platform=linux arch=riscv64\n    loaded from: x',
      /\(No native build was found .*riscv64\)/,
    ],
  ])('says what is missing: %s', (words, advice) => {
    const load = (): never => {
      throw new Error(words)
    }
    expect(() => loadFuseNative(process.versions, load)).toThrow(advice)
    expect(() => loadFuseNative(process.versions, load)).toThrow(/set mount\.transport to "kernel"\.$/)
  })
})
