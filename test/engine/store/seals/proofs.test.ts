import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkProof, type ProofCheck, type ProofGiven } from '../../../../src-main/engine/store/seals/check-proof.ts'
import { findFile } from '../../../../src-main/engine/store/seals/offline.ts'
import { publicKeyText } from '../../../../src-main/engine/store/seals/keys.ts'
import { makeProof, proofText, readProof } from '../../../../src-main/engine/store/seals/proof-document.ts'
import { sealAddress } from '../../../../src-main/engine/store/seals/seal.ts'
import { signRoot } from '../../../../src-main/engine/store/seals/signed-root.ts'
import { IzeError } from '../../../../src-preload/ize-error.ts'
import { mmrInMemory } from '../mmr/some-mmr.ts'
import { FILE, fileOf, PATH, PROJECT, someProof, treeAddress, treeNodes } from './proof-parts.ts'
import { someAddress, someSeals } from './some-seals.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const key = publicKeyText(privateKey)
const plain = proofText(someProof())
const signed = proofText(someProof(privateKey))
const given: ProofGiven = { file: FILE, find: findFile }

/** As `ize check-proof` goes about it: from the text on. Null: all is well. */
function faultOf(text: string, more: Partial<ProofGiven> = {}): IzeError | null {
  try {
    const check = checkProof(readProof(text), { ...given, ...more })
    return check.ok ? null : check.fault
  } catch (error) {
    if (error instanceof IzeError) return error
    throw error
  }
}

function shown(check: ProofCheck): string[] {
  return check.steps.map(({ name, shown }) => `${shown ? '' : 'not '}${name}`)
}

describe('a proof', () => {
  it('shows the file in the tree, the tree in the seal, the seal under a root that was kept', () => {
    const proof = readProof(proofText(someProof()))
    const check = checkProof(proof, { ...given, root: proof.mmr.root })
    expect(check.ok).toBe(true)
    expect(shown(check)).toEqual(['file', 'tree', 'seal', 'range', 'root'])
    expect(check.steps.map(({ text }) => text).join('\n')).toContain('at "docs/caf\u00e9 %FF.txt"')
  })

  it('shows who signed the root, to those who know the key', () => {
    const proof = readProof(proofText(someProof(privateKey)))
    const check = checkProof(proof, { ...given, key, root: proof.mmr.root })
    expect(check.ok).toBe(true)
    expect(shown(check)).toEqual(['file', 'tree', 'seal', 'range', 'root', 'signature'])
  })

  it('says plainly what was not shown without a root or a key', () => {
    const bare = checkProof(someProof(), given)
    expect(bare.ok).toBe(true)
    expect(shown(bare)).toEqual(['file', 'tree', 'seal', 'range', 'not anchor'])
    expect(bare.steps.at(-1)?.text).toMatch(/^Only that the proof is consistent in itself was shown/)
    const signed = checkProof(someProof(privateKey), given)
    expect(shown(signed)).toEqual(['file', 'tree', 'seal', 'range', 'not signature', 'not anchor'])
  })

  it('can be made to an older root, and to no root from before its seal', () => {
    const nodes = treeNodes()
    const seals = someSeals(11, treeAddress(nodes[0]!))
    const addresses = seals.map(sealAddress)
    const mmr = mmrInMemory(addresses)
    const parts = { project: PROJECT, path: PATH, file: FILE, seal: seals[5]!, nodes, mmr }
    for (const leaves of [6, 7, 8, 11]) {
      const check = checkProof(makeProof({ ...parts, leaves }), {
        ...given,
        root: mmrInMemory(addresses.slice(0, leaves)).root,
      })
      expect(check.ok).toBe(true)
    }
    expect(() => makeProof({ ...parts, leaves: 5 })).toThrow(RangeError)
  })
})

describe('refuses', () => {
  it('another file', () => {
    expect(faultOf(plain, { file: fileOf(Buffer.from('what was never written\n')) })?.code).toBe('E_PROOF_FILE')
    expect(faultOf(plain, { file: { ...FILE, size: 21 } })?.code).toBe('E_PROOF_FILE')
  })

  it('another root or key than the given one', () => {
    expect(faultOf(signed, { root: someAddress('root') })?.code).toBe('E_PROOF_ROOT')
    const other = publicKeyText(generateKeyPairSync('ed25519').publicKey)
    expect(faultOf(signed, { key: other })?.code).toBe('E_PROOF_SIGNATURE')
    expect(faultOf(plain, { key })?.code).toBe('E_PROOF_SIGNATURE')
  })

  it('what is no proof', () => {
    for (const text of [
      '',
      '{}',
      'null',
      '[]',
      `${plain} `,
      plain.slice(1),
      JSON.stringify(JSON.parse(plain), null, 2),
    ]) {
      expect(faultOf(text)?.code).toBe('E_PROOF_FORMAT')
    }
  })

  const fields = [...leavesOf(JSON.parse(signed))]
  it('has every kind of field to be changed', () => {
    expect(new Set(fields.map((path) => path.filter((step) => typeof step === 'string').join('.')))).toEqual(
      new Set([
        ...['format', 'version', 'project', 'path', 'file.object', 'file.size', 'seal', 'nodes'],
        ...['mmr.leaf', 'mmr.leaves', 'mmr.path', 'mmr.peaks', 'mmr.root'],
        ...['version', 'project', 'leaves', 'root', 'time', 'key', 'signature'].map((name) => `signed.${name}`),
      ]),
    )
  })

  it.each(fields.map((path) => [path.join('.'), path] as const))('a proof whose %s was changed', (_, path) => {
    for (const text of changesAt(signed, path)) {
      const fault = faultOf(text)
      expect([text, fault?.code]).toEqual([text, expect.stringMatching(/^E_PROOF_[A-Z]+$/)])
      expect(fault?.message).toMatch(/^[^\n]+\.$/)
    }
  })

  it.each(
    fields.filter(([top]) => top !== 'signed' && top !== 'project').map((path) => [path.join('.'), path] as const),
  )('the same without a signature: %s', (_, path) => {
    for (const text of changesAt(plain, path)) {
      expect([text, faultOf(text)?.code]).toEqual([text, expect.stringMatching(/^E_PROOF_[A-Z]+$/)])
    }
  })

  it('a proof with any character of it changed', () => {
    for (let at = 0; at < signed.length - 1; at++) {
      const char = signed[at] === '0' ? '1' : '0'
      const text = signed.slice(0, at) + char + signed.slice(at + 1)
      if (faultOf(text) === null) expect.fail(`${at}: ${text.slice(at - 20, at + 20)}`)
    }
  })

  it('nodes that are missing, twice there, too many, or none at all', () => {
    const proof = readProof(plain)
    const all = proof.nodes
    const without = all.map((_, index) => all.toSpliced(index, 1))
    for (const nodes of [[], ...without, [...all, all[1] ?? ''], [...all, btoa('{}')]]) {
      expect(faultOf(proofText({ ...proof, nodes }))?.code).toBe('E_PROOF_TREE')
    }
  })

  it('a forged tree that cannot be read', () => {
    const nodes = [Buffer.from('no node')]
    const seals = someSeals(3, treeAddress(nodes[0]!))
    const mmr = mmrInMemory(seals.map(sealAddress))
    const proof = makeProof({ project: PROJECT, path: PATH, file: FILE, seal: seals[1]!, nodes, mmr })
    expect(faultOf(proofText(proof))?.code).toBe('E_PROOF_TREE')
  })

  it('another content at the path, and a path where no file is', () => {
    const nodes = treeNodes(fileOf(Buffer.from('another')))
    const seals = someSeals(3, treeAddress(nodes[0]!))
    const mmr = mmrInMemory(seals.map(sealAddress))
    const parts = { project: PROJECT, path: PATH, file: FILE, seal: seals[1]!, nodes, mmr }
    expect(faultOf(proofText(makeProof(parts)))?.message).toMatch(/another content/)
    expect(faultOf(proofText(makeProof({ ...parts, path: 'docs' })))?.message).toMatch(/no file/)
  })

  it('a root that was signed for another project, or over another range', () => {
    const proof = readProof(signed)
    const facts = { project: PROJECT, leaves: 11, root: proof.mmr.root, time: new Date() }
    for (const change of [{ project: PROJECT.replace('0', '1') }, { leaves: 12 }, { root: someAddress('root') }]) {
      const text = proofText({ ...proof, signed: signRoot(privateKey, { ...facts, ...change }) })
      expect(faultOf(text, { key })?.code).toBe('E_PROOF_SIGNATURE')
    }
  })
})

type Path = readonly (string | number)[]

/** The paths of everything in a JSON value that is no list and no object. */
function* leavesOf(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) yield path
  else if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* leavesOf(item, [...path, at])
  else for (const [name, item] of Object.entries(value)) yield* leavesOf(item, [...path, name])
}

/** The text with another value at the path, in every way that comes to mind. */
function* changesAt(text: string, path: Path): Generator<string> {
  const whole: unknown = JSON.parse(text)
  let original: unknown
  replaced(whole, path, (value) => (original = value))
  for (const value of [...otherValues(original), null, true, [], {}, [original]]) {
    yield `${JSON.stringify(replaced(whole, path, () => value))}\n`
  }
}

function replaced(value: unknown, [step, ...rest]: Path, other: (value: unknown) => unknown): unknown {
  if (step === undefined) return other(value)
  const inner = (item: unknown, at: string | number): unknown => (at === step ? replaced(item, rest, other) : item)
  if (Array.isArray(value)) return value.map(inner)
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => [name, inner(item, name)]))
}

function otherValues(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1, value - 1, value + 0.5, -value - 1, 2 ** 53, String(value)]
  if (typeof value !== 'string') throw new Error('A proof has no other leaves')
  const flipped = [0, 7, value.length >> 1, value.length - 1].map((at) => {
    return value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1)
  })
  return [...flipped, '', `${value} `, `${value}0`, value.slice(1), value.slice(0, -1), `/${value}`, `${value}\0`, 1]
}
