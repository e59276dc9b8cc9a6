import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePolicy, policyText, type Policy, type Rule } from '../../../../src-main/engine/store/retention/policy.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

test('rules are read as people write them', () => {
  expect(parsePolicy('all')).toEqual([{ kind: 'all' }])
  expect(parsePolicy('30d, 20 versions')).toEqual([
    { kind: 'age', ms: 30 * DAY },
    { kind: 'count', versions: 20 },
  ])
  expect(parsePolicy('Hourly for 7 days,daily 1 year,  weekly')).toEqual([
    { kind: 'every', unit: 'hour', ms: 7 * DAY },
    { kind: 'every', unit: 'day', ms: 365 * DAY },
    { kind: 'every', unit: 'week', ms: null },
  ])
  expect(parsePolicy('1 per file, 12h, 2 weeks')).toEqual([
    { kind: 'count', versions: 1 },
    { kind: 'age', ms: 12 * HOUR },
    { kind: 'age', ms: 14 * DAY },
  ])
})

test.each(['', 'none', '30', '0 versions', '0d', '-3 days', 'hourly for', 'daily for ever', '30 days,', '5 monkeys'])(
  '"%s" is no policy',
  (text) => expect(parsePolicy(text)).toBeNull(),
)

const hours = fc.integer({ min: 1, max: 9999 }).map((n) => n * HOUR)
const rule = fc.oneof(
  fc.constant<Rule>({ kind: 'all' }),
  hours.map((ms): Rule => ({ kind: 'age', ms })),
  fc.integer({ min: 1, max: 1_000_000 }).map((versions): Rule => ({ kind: 'count', versions })),
  fc
    .record({ unit: fc.constantFrom('hour', 'day', 'week'), ms: fc.option(hours) })
    .map((every): Rule => ({ kind: 'every', ...every })),
)

test('what is written can be read, and means the same', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 5 }), (policy: Policy) => {
      expect(parsePolicy(policyText(policy))).toEqual(policy)
    }),
  )
})
