import { z } from 'zod'
import { parsePolicy, POLICY_FORM } from '../store/retention/policy.ts'
import { ROOT_PLACE_FORM, rootPlaceOf } from '../store/seals/root-place.ts'

/**
 * Every setting of Ize: one schema, keyed as written on the command line (`history.text-limit`), with default, meaning,
 * and what is allowed. In a file the part before the dot is a TOML table.
 */
const levels = ['system', 'user', 'central', 'project'] as const
/** From the widest to the narrowest: a narrower level wins. `central` is the central directory's own config.toml. */
export const configLevels = levels
export type ConfigLevel = (typeof levels)[number]

interface KeyFacts {
  readonly description: string
  /** Completes the sentence "... must be". */
  readonly allowed: string
  /** Where the key may stand; absent: everywhere. */
  readonly levels?: readonly ConfigLevel[]
}

const facts = new Map<z.ZodType, KeyFacts>()

function key<T extends z.ZodType>(schema: T, about: KeyFacts): T {
  facts.set(schema, about)
  return schema
}

function integer(standard: number, least: number, most: number, description: string) {
  const schema = z.number().int().min(least).max(most).default(standard)
  return key(schema, { description, allowed: `a whole number from ${least} to ${most}` })
}

function choice<const T extends readonly string[]>(options: T, standard: T[number], description: string) {
  const schema = z.enum(options).default(standard as never)
  return key(schema, { description, allowed: `one of ${options.map((option) => `"${option}"`).join(', ')}` })
}

function text(standard: string, description: string, only?: readonly ConfigLevel[]) {
  const schema = z.string().default(standard)
  return key(schema, { description, allowed: 'a text in quotes', ...(only ? { levels: only } : {}) })
}

export const configSchema = z.strictObject({
  'central-dir': text('', 'Where Ize keeps all projects; empty: $XDG_DATA_HOME/ize, which is ~/.local/share/ize.', [
    'system',
    'user',
  ]),
  'user.name': text('', 'Author of the changes; empty: the login name.'),
  'user.email': text('', 'Address of the author.'),
  colours: choice(['auto', 'always', 'never'], 'auto', 'When the command line prints in colour.'),
  'history.granularity': choice(
    ['op', 'save', 'batch'],
    'save',
    'What makes a change in history: each operation, each saved file, or each batch.',
  ),
  'history.text-limit': integer(
    1_048_576,
    0,
    67_108_864,
    'Bytes up to which Pijul holds a text itself; larger files are pointers to the store.',
  ),
  'history.search': key(z.boolean().default(true), {
    description: 'Whether the text of past versions can be searched.',
    allowed: 'true or false',
  }),
  'history.search-limit': integer(
    536_870_912,
    1_048_576,
    1_099_511_627_776,
    'Bytes the index for that search may have on the disk; beyond, the oldest texts are let go of.',
  ),
  'retention.keep': key(
    z
      .string()
      .refine((text) => parsePolicy(text) !== null)
      .default('all'),
    {
      description: 'Which versions stay when the project is pruned: those that one of the rules keeps.',
      allowed: POLICY_FORM,
    },
  ),
  'retention.limit-bytes': integer(
    0,
    0,
    Number.MAX_SAFE_INTEGER,
    'Bytes the store is to have on the disk; beyond, the oldest versions go, whatever retention.keep says. 0: no limit.',
  ),
  'upkeep.automatic': key(z.boolean().default(true), {
    description: 'Whether the engine prunes and packs mounted projects by itself.',
    allowed: 'true or false',
  }),
  'upkeep.hours': integer(24, 1, 8_760, 'Hours between two such times at least.'),
  'upkeep.idle-seconds': integer(300, 1, 86_400, 'Seconds without a change after which that may begin.'),
  'root.append-to': key(
    z
      .string()
      .refine((text) => text === '' || rootPlaceOf(text) !== null)
      .default(''),
    {
      description: 'Where the signed root is added once a day when there are new seals; empty: nowhere.',
      allowed: ROOT_PLACE_FORM,
    },
  ),
  'log.limit-bytes': integer(
    268_435_456,
    1_048_576,
    1_099_511_627_776,
    'Bytes the operation log may hold before writers wait for the recorder.',
  ),
  'log.limit-operations': integer(
    200_000,
    100,
    100_000_000,
    'Operations the log may hold before writers wait for the recorder.',
  ),
  'record.quiet-ms': integer(
    500,
    0,
    3_600_000,
    'Milliseconds without an operation after which what waits is recorded.',
  ),
  'record.max-wait-ms': integer(5_000, 0, 3_600_000, 'Milliseconds after which what waits is recorded, quiet or not.'),
  'record.open-writer-seconds': integer(
    60,
    0,
    86_400,
    'Seconds a file that is open for writing may go without a version.',
  ),
  'mount.transport': choice(
    ['kernel', 'fuse-native'],
    'kernel',
    'How Ize talks to the kernel; fuse-native needs libfuse 2.',
  ),
  'mount.spin-us': integer(50, 0, 1_000, 'Microseconds the mount polls for the next request before it sleeps.'),
  'engine.idle-seconds': integer(300, 1, 86_400, 'Seconds after which an engine without mounts and clients stops.'),
  ignore: key(z.array(z.string().min(1)).default([]), {
    description: 'Further paths that are served but not versioned, as gitignore patterns; "!pattern" takes one back.',
    allowed: 'a list of texts such as ["build/", "*.tmp"]',
  }),
})

export type Config = z.infer<typeof configSchema>
export type ConfigKey = keyof Config

export const configKeys = Object.keys(configSchema.shape) as readonly ConfigKey[]
export const configDefaults: Config = configSchema.parse({})

export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(configSchema.shape, name)
}

export function keyFacts(name: ConfigKey): KeyFacts {
  const found = facts.get(configSchema.shape[name])
  if (!found) throw new Error(`The setting ${name} has no description.`)
  return found
}

/** The value when it is allowed for the key, else undefined. */
export function checkValue<K extends ConfigKey>(name: K, value: unknown): Config[K] | undefined {
  if (value === undefined) return undefined
  const result = configSchema.shape[name].safeParse(value)
  return result.success ? (result.data as Config[K]) : undefined
}

/** Paths that are served and durable but not versioned in every project; `ignore` adds to them. */
export const defaultIgnore: readonly string[] = [
  '.git/',
  '.jj/',
  '.pijul/',
  'node_modules/',
  '__pycache__/',
  '*.swp',
  '.~lock.*',
  '.Trash-*/',
  '.fuse_hidden*',
]
