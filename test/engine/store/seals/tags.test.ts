import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeTag, encodeTag, tagAddress } from '../../../../src-main/engine/store/seals/tag.ts'
import { isTagName } from '../../../../src-main/engine/store/seals/tag-name.ts'
import { TagRefs } from '../../../../src-main/engine/store/seals/tag-refs.ts'
import { hashBytes } from '../../../../src-main/engine/sys/native.ts'
import { newFolder, someAddress } from './some-seals.ts'

const code = (code: string): Error => expect.objectContaining({ code }) as Error
const seal = { kind: 'seal', address: someAddress('seal') } as const
const other = { kind: 'tag', address: someAddress('tag') } as const

describe('names', () => {
  it.each(['v1', 'v1.0-rc2', 'caf\u00e9', 'first_draft', '1.0', 'a'.repeat(200), 'lock', '\ud83d\ude00'])(
    '%j',
    (name) => {
      expect(isTagName(name)).toBe(true)
    },
  )

  it.each([
    ...[
      '',
      '.',
      '..',
      '.hidden',
      '-f',
      'a.',
      'a.lock',
      'a..b',
      'a b',
      'a\tb',
      'a\nb',
      'a\0b',
      'a\x9bb',
      'a\u00a0b',
      'a/b',
      'a\\b',
    ],
    ...[
      'a~b',
      'a^b',
      'a:b',
      'a?b',
      'a*b',
      'a[b',
      'a@b',
      "a'b",
      'a"b',
      '12',
      'a'.repeat(201),
      '\u00e9'.repeat(101),
      '\ud800',
    ],
  ])('not %j', async (name) => {
    expect(isTagName(name)).toBe(false)
    const tags = new TagRefs(newFolder())
    await expect(tags.create(name, seal)).rejects.toThrow(code('E_TAG_NAME'))
    await expect(tags.delete(name)).rejects.toThrow(code('E_TAG_NAME'))
    await expect(tags.find(name)).rejects.toThrow(code('E_TAG_NAME'))
  })
})

describe('a project’s tags', () => {
  let folder: string
  let tags: TagRefs
  beforeEach(() => {
    folder = join(newFolder(), 'refs', 'tags')
    tags = new TagRefs(folder)
  })

  it('are none before the first is made', async () => {
    expect(await tags.list()).toEqual([])
    expect(await tags.find('v1')).toBeNull()
    await expect(tags.read('v1')).rejects.toThrow(code('E_TAG_UNKNOWN'))
    await expect(tags.delete('v1')).rejects.toThrow(code('E_TAG_UNKNOWN'))
  })

  it('name a seal, or a tag object', async () => {
    await tags.create('v2', other)
    await tags.create('v1', seal)
    expect(await tags.list()).toEqual([
      { name: 'v1', ...seal },
      { name: 'v2', ...other },
    ])
    expect(readFileSync(join(folder, 'v1'), 'latin1')).toBe(`${seal.address}\n`)
    expect(readFileSync(join(folder, 'v2'), 'latin1')).toBe(`tag ${other.address}\n`)
    expect(statSync(join(folder, 'v1')).mode & 0o777).toBe(0o600)
    await tags.delete('v1')
    expect(await tags.list()).toEqual([{ name: 'v2', ...other }])
  })

  it('stay where they are, unless it is said that they move', async () => {
    await tags.create('v1', seal)
    await expect(tags.create('v1', other)).rejects.toThrow(code('E_TAG_EXISTS'))
    expect(await tags.read('v1')).toMatchObject(seal)
    await tags.create('v1', other, true)
    expect(await tags.read('v1')).toMatchObject(other)
    expect(readdirSync(folder)).toEqual(['v1'])
  })

  it('of one name are made by one of many who try at once', async () => {
    const tries = Array.from({ length: 8 }, (_, n) => tags.create('v1', { kind: 'seal', address: someAddress(`${n}`) }))
    const done = await Promise.allSettled(tries)
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['v1'])
  })

  it('pass over what a crash left beside them', async () => {
    await tags.create('v1', seal)
    writeFileSync(join(folder, '.v1.0123456789ab.new'), 'torn')
    expect(await tags.list()).toHaveLength(1)
  })

  it.each(['', seal.address, `${seal.address}\n\n`, `tag${seal.address}\n`, `${seal.address.toUpperCase()}\n`, 'x'])(
    'are named as damaged when %j stands there, and can be made anew',
    async (text) => {
      await tags.create('v1', seal)
      writeFileSync(join(folder, 'v1'), text)
      await expect(tags.read('v1')).rejects.toThrow(code('E_REF_DAMAGED'))
      await expect(tags.list()).rejects.toThrow(code('E_REF_DAMAGED'))
      await tags.delete('v1')
      await tags.create('v1', seal)
      expect(await tags.read('v1')).toMatchObject(seal)
    },
  )
})

describe('a tag object', () => {
  const facts = { version: 1, seal: seal.address, name: 'v1' } as const
  const tag = { ...facts, author: 'Ada', time: [1_764_000_000, 0] as [number, number], message: 'first\ndraft' }

  it('is one canonical line', () => {
    const bytes = encodeTag(tag)
    expect(bytes.toString()).toBe(
      `{"version":1,"seal":"${seal.address}","name":"v1","author":"Ada","time":[1764000000,0],"message":"first\\ndraft"}`,
    )
    expect(decodeTag(bytes)).toEqual(tag)
    expect(tagAddress(bytes)).toBe(hashBytes(bytes, 'ize 2026-11 tag v1'))
  })

  it('is refused with a name that no tag has, or in another spelling', () => {
    expect(() => encodeTag({ ...tag, name: '../v1' })).toThrow(code('E_TAG_NAME'))
    const text = encodeTag(tag).toString()
    for (const wrong of [text.replace('"v1"', '"../v1"'), `${text} `, text.slice(1), text.replace('1', '2')]) {
      expect(() => decodeTag(Buffer.from(wrong))).toThrow(code('E_OBJECT_DAMAGED'))
    }
  })
})
