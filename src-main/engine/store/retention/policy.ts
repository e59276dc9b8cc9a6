import { assertNever } from '../../assert-never.ts'

export type Unit = 'hour' | 'day' | 'week'

/** One reason for a version to stay; milliseconds count from when it was replaced or deleted. */
export type Rule =
  | { readonly kind: 'all' }
  | { readonly kind: 'age'; readonly ms: number }
  /** The newest of each file. */
  | { readonly kind: 'count'; readonly versions: number }
  /** Those that held when an hour, a day or a week ended. `ms` null: for ever. */
  | { readonly kind: 'every'; readonly unit: Unit; readonly ms: number | null }

/** A version stays when one of the rules keeps it. */
export type Policy = readonly Rule[]

const DAY = 86_400_000
const SPANS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  hour: 3_600_000,
  d: DAY,
  day: DAY,
  w: 7 * DAY,
  week: 7 * DAY,
  y: 365 * DAY,
  year: 365 * DAY,
}
const UNITS = { hourly: 'hour', daily: 'day', weekly: 'week' } as const

/** What `parsePolicy` takes, for messages. */
export const POLICY_FORM =
  '"all", or rules with commas between, such as "30 days, 20 versions, hourly for 7 days, daily for 1 year, weekly"'

/** A policy as people write it; null: it is none. */
export function parsePolicy(text: string): Policy | null {
  const rules = text.split(',').map((part) => parseRule(part.trim().toLowerCase().replace(/\s+/g, ' ')))
  return rules.every((rule) => rule !== null) ? rules : null
}

function parseRule(text: string): Rule | null {
  if (text === 'all') return { kind: 'all' }
  const count = /^([1-9]\d{0,6}) (?:versions?|per file)$/.exec(text)
  if (count) return { kind: 'count', versions: Number(count[1]) }
  const [, every, span] = /^(hourly|daily|weekly)(?: (?:for )?(.+))?$/.exec(text) ?? []
  if (every !== undefined) {
    const ms = span === undefined ? null : parseSpan(span)
    if (span !== undefined && ms === null) return null
    return { kind: 'every', unit: UNITS[every as keyof typeof UNITS], ms }
  }
  const ms = parseSpan(text)
  return ms === null ? null : { kind: 'age', ms }
}

function parseSpan(text: string): number | null {
  const [, number, word = ''] = /^([1-9]\d{0,4}) ?([a-z]+)$/.exec(text) ?? []
  const unit = SPANS[word] ?? SPANS[word.replace(/s$/, '')]
  return number === undefined || unit === undefined ? null : Number(number) * unit
}

/** As `parsePolicy` reads it. */
export function policyText(policy: Policy): string {
  return policy.map(ruleText).join(', ')
}

function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'all':
      return 'all'
    case 'age':
      return spanText(rule.ms)
    case 'count':
      return `${rule.versions} ${rule.versions === 1 ? 'version' : 'versions'}`
    case 'every': {
      const every = { hour: 'hourly', day: 'daily', week: 'weekly' }[rule.unit]
      return rule.ms === null ? every : `${every} for ${spanText(rule.ms)}`
    }
    default:
      return assertNever(rule, 'rule')
  }
}

function spanText(ms: number): string {
  const unit = (['year', 'week', 'day', 'hour'] as const).find((name) => ms % (SPANS[name] ?? 1) === 0) ?? 'hour'
  const number = ms / (SPANS[unit] ?? 1)
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
