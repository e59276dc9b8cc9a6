import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitting, keeps, type Span, type Spare } from '../../../../src-main/engine/store/retention/keep.ts'
import { parsePolicy, type Policy, type Rule } from '../../../../src-main/engine/store/retention/policy.ts'

const HOUR = 3_600_000
/** A Sunday. */
const NOW = Date.UTC(2026, 10, 22, 12)

/** Ages in hours at which a file was written (`w`) or deleted (`d`), oldest first. */
function file(...events: readonly (readonly ['w' | 'd', number])[]): Span[] {
  const at = (index: number): number => {
    const event = events[index]
    return event ? NOW - event[1] * HOUR : Infinity
  }
  return events.flatMap(([what], index) => {
    if (what === 'd') return []
    const next = events.findIndex(([other], later) => later > index && other === 'w')
    const end = index + 1 < events.length ? index + 2 : Infinity
    return [{ from: at(index), until: at(index + 1), next: next < 0 ? Infinity : at(next), change: index + 1, end }]
  })
}

function policy(text: string): Policy {
  const parsed = parsePolicy(text)
  if (!parsed) throw new Error(text)
  return parsed
}

const kept = (spans: readonly Span[], text: string, pins: readonly number[] = []): boolean[] =>
  keeps(spans, policy(text), NOW, pins)

describe('a rule', () => {
  test('of days keeps all that was needed to go back to any moment within them', () => {
    const spans = file(['w', 100 * 24], ['w', 50 * 24], ['w', 20 * 24])
    expect(kept(spans, '30 days')).toEqual([false, true, true])
    expect(kept(spans, '10 days')).toEqual([false, false, true])
  })

  test('of versions counts those of each file', () => {
    expect(kept(file(['w', 4], ['w', 3], ['w', 2], ['w', 1]), '2 versions')).toEqual([false, false, true, true])
  })

  test('of every hour keeps what held when an hour ended', () => {
    const spans = file(['w', 2.9], ['w', 2.5], ['w', 2.1], ['w', 0.5])
    expect(kept(spans, 'hourly')).toEqual([false, false, true, true])
  })

  test('counts the age of what was deleted from its deletion', () => {
    const spans = file(['w', 5 * 365 * 24], ['d', 24])
    expect(kept(spans, '7 days')).toEqual([true])
    expect(kept(spans, 'weekly for 7 days')).toEqual([true])
    expect(kept(spans, '12 hours')).toEqual([false])
  })

  test('lets a version go that was deleted and written again within the hour', () => {
    expect(kept(file(['w', 2.9], ['d', 2.5], ['w', 2.4], ['d', 2.2]), 'hourly')).toEqual([false, true])
  })

  test('of thinning becomes coarser with age', () => {
    const spans = file(...Array.from({ length: 24 * 30 }, (_, index) => ['w', 24 * 30 - index] as const))
    const left = kept(spans, '2 days, daily for 14 days, weekly')
    const ages = spans.flatMap(({ from }, index) => (left[index] ? [Math.round((NOW - from) / HOUR)] : []))
    expect(ages.filter((age) => age <= 49)).toHaveLength(49)
    expect(ages.filter((age) => age > 49 && age <= 14 * 24)).toHaveLength(12)
    expect(ages.filter((age) => age > 14 * 24 + 1).length).toBeLessThanOrEqual(3)
  })
})

const event = fc.record({ write: fc.boolean(), after: fc.integer({ min: 1, max: 60 * HOUR }) })
const spans = fc.array(event, { minLength: 1, maxLength: 40 }).map((events) => {
  let age = events.reduce((sum, { after }) => sum + after, 0)
  let before = false
  const told: (readonly ['w' | 'd', number])[] = []
  for (const { write, after } of events) {
    if (write || before) told.push([write ? 'w' : 'd', age / HOUR])
    before = write
    age -= after
  }
  return file(...told)
})
const hours = fc.integer({ min: 1, max: 2000 }).map((n) => n * HOUR)
const rule = fc.oneof(
  hours.map((ms): Rule => ({ kind: 'age', ms })),
  fc.integer({ min: 1, max: 30 }).map((versions): Rule => ({ kind: 'count', versions })),
  fc
    .record({ unit: fc.constantFrom('hour', 'day', 'week'), ms: fc.option(hours) })
    .map((every): Rule => ({ kind: 'every', ...every })),
)
const rules = fc.array(rule, { minLength: 0, maxLength: 4 })
const pins = fc.uniqueArray(fc.integer({ min: 1, max: 45 }), { maxLength: 5 }).map((list) => list.sort((a, b) => a - b))

describe('whatever the policy', () => {
  test('what a file holds now stays', () => {
    fc.assert(
      fc.property(spans, rules, pins, (file, policy, pins) => {
        const left = keeps(file, policy, NOW, pins)
        expect(file.every(({ until }, index) => until !== Infinity || left[index])).toBe(true)
      }),
    )
  })

  test('what a file held at a pinned change stays', () => {
    fc.assert(
      fc.property(spans, rules, pins, (file, policy, pins) => {
        const left = keeps(file, policy, NOW, pins)
        for (const pin of pins) {
          const held = file.findIndex(({ change, end }) => change <= pin && pin < end)
          if (held >= 0) expect(left[held]).toBe(true)
        }
      }),
    )
  })

  test('a further rule, and a further pin, takes nothing away', () => {
    fc.assert(
      fc.property(spans, rules, rule, pins, pins, (file, policy, more, pins, others) => {
        const strict = keeps(file, policy, NOW, pins)
        const all = [...new Set([...pins, ...others])].sort((a, b) => a - b)
        const lax = keeps(file, [...policy, more], NOW, all)
        expect(strict.every((stays, index) => !stays || lax[index])).toBe(true)
      }),
    )
  })

  test('a longer rule takes nothing away', () => {
    fc.assert(
      fc.property(spans, rule, hours, (file, rule, longer) => {
        const strict = keeps(file, [rule], NOW, [])
        const lax = keeps(file, [lengthened(rule, longer)], NOW, [])
        expect(strict.every((stays, index) => !stays || lax[index])).toBe(true)
      }),
    )
  })

  test('hours keep what days keep, and days what weeks keep', () => {
    fc.assert(
      fc.property(spans, fc.option(hours), (file, ms) => {
        const of = (unit: 'hour' | 'day' | 'week'): boolean[] => keeps(file, [{ kind: 'every', unit, ms }], NOW, [])
        const [hourly, daily, weekly] = [of('hour'), of('day'), of('week')]
        expect(daily.every((stays, index) => !stays || hourly[index])).toBe(true)
        expect(weekly.every((stays, index) => !stays || daily[index])).toBe(true)
      }),
    )
  })
})

function lengthened(rule: Rule, by: number): Rule {
  switch (rule.kind) {
    case 'age':
      return { ...rule, ms: rule.ms + by }
    case 'count':
      return { ...rule, versions: rule.versions + 1 }
    case 'every':
      return { ...rule, ms: rule.ms === null ? null : rule.ms + by }
    default:
      return rule
  }
}

describe('a limit', () => {
  const spare = fc.record({
    object: fc.constantFrom(...'abcdefghij'),
    until: fc.integer({ min: 0, max: 1000 }),
  })
  const sizeOf = (object: string): number => object.charCodeAt(0) - 90
  const spares = fc
    .array(spare, { maxLength: 30 })
    .map((list): Spare[] => list.map((one) => ({ ...one, bytes: sizeOf(one.object) })))
  const fixed = fc
    .uniqueArray(fc.constantFrom(...'abcdefghij'), { maxLength: 3 })
    .map((list) => new Map(list.map((object) => [object, sizeOf(object)])))
  const limit = fc.integer({ min: 0, max: 150 })

  test('is kept to, unless what stays anyway is more', () => {
    fc.assert(
      fc.property(spares, fixed, limit, (spares, fixed, limit) => {
        const fit = fitting(spares, fixed, limit)
        const always = [...fixed.values()].reduce((sum, bytes) => sum + bytes, 0)
        const bytes = [...fit].reduce((sum, object) => sum + sizeOf(object), always)
        expect(fit.size === 0 || bytes <= limit).toBe(true)
      }),
    )
  })

  test('that is higher takes nothing away', () => {
    fc.assert(
      fc.property(spares, fixed, limit, limit, (spares, fixed, limit, more) => {
        const [strict, lax] = [fitting(spares, fixed, limit), fitting(spares, fixed, limit + more)]
        expect([...strict].every((object) => lax.has(object))).toBe(true)
      }),
    )
  })

  test('takes the oldest first', () => {
    fc.assert(
      fc.property(spares, limit, (spares, limit) => {
        const fit = fitting(spares, new Map(), limit)
        const newest = (object: string): number =>
          Math.max(...spares.filter((one) => one.object === object).map(({ until }) => until))
        const gone = new Set(spares.map(({ object }) => object).filter((object) => !fit.has(object)))
        for (const object of gone) for (const other of fit) expect(newest(object)).toBeLessThanOrEqual(newest(other))
      }),
    )
  })
})
