import { describe, expect, it } from 'vitest'
import { isCacheTag, Versioning } from '../../../src-main/engine/project/ignore.ts'

const never = () => false
const bytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

describe('what is versioned', () => {
  it('leaves out the defaults, directories with all below them', () => {
    const versioning = new Versioning([], never)
    for (const path of [
      '.git/config',
      'a/.git/objects/ab/cd',
      'x/node_modules/y/z.js',
      '.note.swp',
      'd/.~lock.text.odt#',
      '.Trash-1000/files/a',
      '.fuse_hidden0001',
    ]) {
      expect([path, versioning.versioned(path, false)]).toEqual([path, false])
    }
    for (const path of ['.gitignore', 'node_modules', 'a/git/config', 'notes.swp.txt', 'Node_Modules/x']) {
      expect([path, versioning.versioned(path, false)]).toEqual([path, true])
    }
    expect(versioning.versioned('node_modules', true)).toBe(false)
    expect(versioning.versioned('', true)).toBe(true)
  })

  it('follows patterns of the project, which may take a default back', () => {
    const versioning = new Versioning(['build/', '/only-top', '!node_modules/', '*.tmp', '!keep.tmp'], never)
    expect(versioning.versioned('a/build/x', false)).toBe(false)
    expect(versioning.versioned('only-top', false)).toBe(false)
    expect(versioning.versioned('a/only-top', false)).toBe(true)
    expect(versioning.versioned('node_modules/x', false)).toBe(true)
    expect(versioning.versioned('keep.tmp', false)).toBe(true)
    expect(versioning.versioned('b.tmp', false)).toBe(false)
  })

  it('matches bytes: any name is taken literally, patterns by their UTF-8', () => {
    const versioning = new Versioning(['größe/', 'x\\[1\\].txt', 'a?b'], never)
    expect(versioning.versioned(bytes('größe/x'), false)).toBe(false)
    expect(versioning.versioned('gr\xf6\xdfe/x', false)).toBe(true)
    expect(versioning.versioned('x[1].txt', false)).toBe(false)
    expect(versioning.versioned('a\xffb', false)).toBe(false)
    for (const path of [
      'new\nline',
      '\xff\xfe',
      'back\\slash',
      '..odd',
      '...',
      '!important',
      '#hash',
      ' ',
      'trailing ',
      '__proto__/constructor',
      'a'.repeat(255),
    ]) {
      expect([path, versioning.versioned(path, false)]).toEqual([path, true])
      expect([path, versioning.versioned(path, true)]).toEqual([path, true])
    }
    expect(versioning.versioned('new\nline/.git/x', false)).toBe(false)
  })

  it('leaves out directories with a cache tag, but never the root, until told to look again', () => {
    const tagged = new Set(['', 'target', 'a/cache'])
    const asked: string[] = []
    const versioning = new Versioning([], (directory) => {
      asked.push(directory)
      return tagged.has(directory)
    })
    expect(versioning.versioned('x', false)).toBe(true)
    expect(versioning.versioned('target/debug/deps/x', false)).toBe(false)
    expect(versioning.versioned('target', true)).toBe(false)
    expect(versioning.versioned('a/cache/x', false)).toBe(false)
    expect(versioning.versioned('a/x', false)).toBe(true)
    expect(versioning.versioned('a/y', false)).toBe(true)
    expect(asked).toEqual(['target', 'a', 'a/cache'])
    tagged.delete('target')
    expect(versioning.versioned('target/x', false)).toBe(false)
    versioning.forget('target')
    expect(versioning.versioned('target/debug/deps/x', false)).toBe(true)
  })

  it('stays right over more paths than it remembers', () => {
    const versioning = new Versioning(['*.o'], never)
    let wrong = 0
    for (let i = 0; i < 50_000; i++) {
      if (versioning.versioned(`d${i}/f${i}.o`, false) || !versioning.versioned(`d${i}/f${i}.c`, false)) wrong++
    }
    expect(wrong).toBe(0)
  })

  it('takes only the standard signature for a cache tag', () => {
    expect(isCacheTag(Buffer.from('Signature: 8a477f597d28d172789f06886806bc55\n# cargo\n'))).toBe(true)
    expect(isCacheTag(Buffer.from('Signature: 8a477f597d28d172789f06886806bc5'))).toBe(false)
    expect(isCacheTag(Buffer.from(' Signature: 8a477f597d28d172789f06886806bc55'))).toBe(false)
  })
})
