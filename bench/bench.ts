import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchEngine } from './engine.ts'
import type { Figure, Machine } from './figure.ts'
import { makeTar, makeTree, sourceShape, type Shape } from './material.ts'
import type { Scale } from './scale.ts'

/** What every row has at hand. */
export interface Bench {
  readonly scale: Scale
  readonly machine: Machine
  /** Everything of this run lies here. */
  readonly directory: string
  readonly engine: BenchEngine
  readonly material: Material
  /** Is the row asked for? */
  readonly wants: (row: string) => boolean
  /** Is done before everything is removed, however the bench ends; more than once does no harm. */
  readonly atEnd: (work: () => Promise<void>) => void
  readonly report: (figure: Figure) => void
  readonly say: (line: string) => void
}

export interface Tree {
  readonly folder: string
  /** A file with one path in each line. */
  readonly list: string
}

/** Trees of files to work with, each made once. */
export class Material {
  private readonly trees = new Map<string, Promise<Tree>>()
  private readonly tars = new Map<string, Promise<string>>()

  constructor(private readonly directory: string) {}

  /** Sources: about 7 KB each. */
  sources(files: number): Promise<Tree> {
    return this.tree(sourceShape(files))
  }

  tree(shape: Shape): Promise<Tree> {
    const key = `${shape.files}-${shape.bytes}`
    let tree = this.trees.get(key)
    if (!tree) this.trees.set(key, (tree = this.make(key, shape)))
    return tree
  }

  tar(files: number): Promise<string> {
    const key = `sources-${files}.tar`
    let tar = this.tars.get(key)
    if (!tar) this.tars.set(key, (tar = this.pack(join(this.directory, key), files)))
    return tar
  }

  /** One file of so many bytes, none like the other. */
  async big(bytes: number, fill: (folder: string) => Promise<unknown>): Promise<string> {
    const folder = join(this.directory, `big-${bytes}`)
    if (!this.trees.has(folder)) {
      await mkdir(folder, { recursive: true })
      await fill(folder)
      this.trees.set(folder, Promise.resolve({ folder, list: '' }))
    }
    return join(folder, 'big')
  }

  private async make(key: string, shape: Shape): Promise<Tree> {
    const folder = join(this.directory, `tree-${key}`)
    await mkdir(folder, { recursive: true })
    const paths = await makeTree(folder, shape)
    const list = `${folder}.list`
    await writeFile(list, paths.join('\n'))
    return { folder, list }
  }

  private async pack(tar: string, files: number): Promise<string> {
    await makeTar(tar, (await this.sources(files)).folder)
    return tar
  }
}
