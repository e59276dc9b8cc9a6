import { mkdir, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Bench } from '../bench.ts'
import type { Figure, Unit } from '../figure.ts'
import { settleDisk } from '../machine.ts'
import { noise } from '../material.ts'
import { run, runOwn } from '../processes.ts'
import { backups, gitVersions, isInstalled, opensslMilliseconds } from '../rivals.ts'
import { median } from '../statistics.ts'
import { bytesBelow } from '../store/sealed-project.ts'

type Took = Readonly<Record<string, number>>
const MB = 1e6
const KB = 1e3

/** The store alone, without engine and mount, beside programs that do the same. On an idle machine only. */
export async function storeRows(bench: Bench): Promise<void> {
  if (bench.machine !== 'idle') return
  if (bench.wants('store-import')) await imports(bench)
  if (bench.wants('store-versions')) await versions(bench)
  if (bench.wants('store-hash')) await hash(bench)
  for (const [row, rows] of Object.entries(alone(bench))) {
    if (!bench.wants(row)) continue
    bench.say(row)
    const took = await inFolder(bench, row, (folder) => work(rows.work, folder, rows.amount))
    for (const { key, part = 1, ...shown } of rows.shown) {
      report(bench, { row, ...shown, values: { ize: (took[key] ?? Number.NaN) / part } })
    }
  }
}

interface Shown {
  readonly key: string
  readonly title: string
  readonly unit: Unit
  readonly limit: number
  readonly target: string
  /** What the value is divided by. */
  readonly part?: number
}

function alone({ scale }: Bench): Record<string, { work: string; amount: number; shown: readonly Shown[] }> {
  const of = (n: number): string => n.toLocaleString('en')
  const { trackedMany: files, largeMegabytes, seals, leaves, versionsOfOneFile } = scale
  const [ms, kb] = [{ key: 'ms', unit: 'ms' } as const, { key: 'bytes', unit: 'KB', part: KB } as const]
  const edit = `one edit in ${of(files)} files, sealed`
  const large = `4 KiB in ${of(largeMegabytes)} MB, sealed and flushed`
  const read = `a version of 1 MB among ${of(seals)} seals, read`
  return {
    'store-edit': {
      ...{ work: 'edit-one', amount: files },
      shown: [
        { ...ms, title: edit, limit: 5, target: '< 5 ms' },
        { ...kb, title: `${edit}: bytes`, limit: 10, target: '< 10 KB' },
      ],
    },
    'store-large': {
      ...{ work: 'edit-large', amount: largeMegabytes },
      shown: [
        { ...ms, title: large, limit: 50, target: '< 50 ms' },
        { ...kb, title: `${large}: bytes`, limit: 200, target: '< 200 KB' },
        {
          key: 'megabytes',
          unit: 'MB',
          title: `${of(largeMegabytes)} MB imported: memory`,
          limit: 300,
          target: 'flat',
        },
      ],
    },
    'store-read': {
      ...{ work: 'read-version', amount: seals },
      shown: [
        { key: 'before', unit: 'ms', title: read, limit: 20, target: '< 20 ms' },
        { key: 'after', unit: 'ms', title: `${read} after a collection`, limit: 20, target: '< 20 ms' },
      ],
    },
    'store-proof': {
      ...{ work: 'proof', amount: leaves },
      shown: [{ ...ms, title: `a proof among ${of(leaves)} seals, made and checked`, limit: 10, target: '< 10 ms' }],
    },
    'store-history': {
      ...{ work: 'history-page', amount: versionsOfOneFile },
      shown: [
        { ...ms, title: `first page of ${of(versionsOfOneFile)} versions of a file`, limit: 20, target: '< 20 ms' },
      ],
    },
  }
}

/** First into empty stores, then from a copy with other inodes. */
async function imports(bench: Bench): Promise<void> {
  const [first, copy] = [join(bench.directory, 'real'), join(bench.directory, 'real-again')]
  await mkdir(first, { recursive: true })
  for (const [n, folder] of bench.scale.realFolders.filter((one) => existsSync(one)).entries())
    await run('cp', ['-a', resolve(folder), join(first, String(n))])
  await run('cp', ['-a', first, copy])
  const times = new Map<string, number[]>()
  const note = (key: string, value: number): unknown => times.set(key, [...(times.get(key) ?? []), value])
  const rivals = backups(bench.directory)
  let files = 0
  const turns = [
    ...rivals.map(({ name, init, keep }) => async () => {
      const repository = join(bench.directory, `${name}-repository`)
      await init(repository)
      note(name, await keep(repository, first, 'first'))
      note(`${name} bytes`, await bytesBelow(repository))
      await settleDisk()
      note(`${name} again`, await keep(repository, copy, 'again'))
      await rm(repository, { recursive: true })
    }),
    async () => {
      await inFolder(bench, 'import', async (folder) => {
        const took = await work('import', folder, first)
        for (const key of ['seconds', 'bytes', 'megabytes']) note(`ize ${key}`, took[key] as number)
        files = took['files'] ?? 0
        await settleDisk()
        note('ize again', (await work('import', folder, copy))['seconds'] as number)
      })
    },
  ]
  for (let repeat = 0; repeat < bench.scale.repeats; repeat++) {
    bench.say(`store-import: ${repeat + 1} of ${bench.scale.repeats}`)
    for (const turn of repeat % 2 === 0 ? turns : [...turns].reverse()) {
      await settleDisk()
      await turn()
    }
  }
  const middle = (key: string): number | undefined => {
    const found = times.get(key)
    return found && median(found)
  }
  const beside = (ize: string, rival: string, part = 1): Figure['values'] =>
    Object.fromEntries(
      [['ize', middle(`ize ${ize}`)] as const, ...rivals.map(({ name }) => [name, middle(`${name}${rival}`)] as const)]
        .filter((pair): pair is ['ize' | 'restic' | 'borg', number] => pair[1] !== undefined)
        .map(([name, value]) => [name, value / part]),
    )
  const title = `${files.toLocaleString('en')} real files, ${Math.round((await bytesBelow(first)) / MB)} MB`
  const [restic, borg, again, bytes] = [
    middle('restic'),
    middle('borg'),
    middle('restic again'),
    middle('restic bytes'),
  ]
  const missing = ['restic', 'borg'].filter((name) => !rivals.some((one) => one.name === name))
  const note_ = missing.map((name) => `${name} is not installed`).join('; ')
  const one = { row: 'store-import', note: note_ }
  const fastest = Math.min(restic ?? Infinity, borg ?? Infinity)
  const [s, mb] = [{ ...one, unit: 's' } as const, { ...one, unit: 'MB' } as const]
  const faster = { limit: Number.isFinite(fastest) ? fastest : null, target: 'faster than restic and borg' }
  report(bench, { ...s, title: `first import of ${title}`, values: beside('seconds', ''), ...faster })
  const notSlower = { limit: again ?? null, target: '≤ restic' }
  report(bench, { ...s, title: 'again, from a fresh copy', values: beside('again', ' again'), ...notSlower })
  const smaller = { limit: bytes === undefined ? null : (bytes / MB) * 0.85, target: '≤ 0.85 of restic' }
  report(bench, { ...mb, title: 'stored after the first', values: beside('bytes', ' bytes', MB), ...smaller })
  report(bench, { ...mb, title: 'memory of the import', values: beside('megabytes', ' none'), limit: null, target: '' })
}

async function versions(bench: Bench): Promise<void> {
  const { textVersions: count } = bench.scale
  bench.say(`store-versions: ${count} of 10 MB, by Ize and by git, which takes long`)
  const took = await inFolder(bench, 'versions', (folder) => work('versions', folder, count))
  const git = isInstalled('git') ? await inFolder(bench, 'versions-git', (folder) => gitVersions(folder, count)) : null
  const of = `${count.toLocaleString('en')} versions of a text of 10 MB`
  const other = git === null ? {} : { git: git / MB }
  const one = { row: 'store-versions', unit: 'MB' } as const
  const [before, after] = [(took['before'] as number) / MB, (took['after'] as number) / MB]
  const [four, equal] = [git === null ? null : (git / MB) * 4, git === null ? null : git / MB]
  const note = 'git after `git gc`'
  report(bench, { ...one, title: of, values: { ...other, ize: before }, limit: four, target: '≤ 4 × git', note })
  const title = `${of}, collected`
  report(bench, { ...one, title, values: { ...other, ize: after }, limit: equal, target: '≤ git', note })
}

async function hash(bench: Bench): Promise<void> {
  const megabytes = 1024
  const file = join(bench.directory, 'to-hash')
  await writeFile(file, Buffer.concat(Array.from({ length: megabytes / 64 }, (_, n) => noise(64 * 2 ** 20, n))))
  const [openssl, one, two]: [number[], number[], number[]] = [[], [], []]
  for (let repeat = 0; repeat < bench.scale.repeats; repeat++) {
    const own = (): Promise<number> =>
      inFolder(
        bench,
        `hash-${Math.random()}`,
        async (folder) => (await work('hash', folder, megabytes))['ms'] as number,
      )
    openssl.push(await opensslMilliseconds(file))
    one.push(await own())
    // Each core hashes all of it: half of the longer time is that of the whole, shared.
    two.push(Math.max(...(await Promise.all([own(), own()]))) / 2)
  }
  await rm(file)
  const sha1 = median(openssl)
  const row = { row: 'store-hash', unit: 'ms' } as const
  const title = 'BLAKE3 of 1 GiB in memory'
  const values = { openssl: sha1, ize: median(one) }
  report(bench, { ...row, title: `${title}, one core`, values, limit: sha1 / 2, target: '≤ ½ of SHA-1' })
  const limit = ((1024 * 2 ** 20) / 4e9) * 1000
  report(bench, { ...row, title: `${title}, two cores`, values: { ize: median(two) }, limit, target: '≥ 4 GB/s' })
}

async function work(what: string, folder: string, amount: string | number): Promise<Took> {
  return (await runOwn('store', what, folder, amount)) as Took
}

async function inFolder<T>(bench: Bench, name: string, inside: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(bench.directory, `store-${name}`)
  await mkdir(folder, { recursive: true })
  try {
    return await inside(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Reported = Pick<Figure, 'row' | 'title' | 'unit' | 'values' | 'limit' | 'target'> & { readonly note?: string }

function report(bench: Bench, figure: Reported): void {
  bench.report({ note: '', ...figure, machine: bench.machine, load: 'burst', history: null })
}
