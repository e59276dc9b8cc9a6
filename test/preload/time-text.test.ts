import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTime, type Edge } from '../../src-preload/time-text.ts'

// A Saturday, 15:30:10.250 in Berlin.
const now = Date.UTC(2026, 10, 21, 14, 30, 10, 250)
const read = (text: string, zone = 'Europe/Berlin', edge: Edge = 'last', at = now) =>
  readTime(text, { now: at, zone }, edge)
const utc = (text: string) => `${text.replace(' ', 'T').padEnd(19, ':00').slice(0, 19)}.000000000Z`
const lastOf = (day: string) => `${day}T22:59:59.999999999Z`

describe('a time', () => {
  it.each([
    ['2026-11-20 14:00', utc('2026-11-20 13:00')],
    ['2026-11-20T14:00:05', utc('2026-11-20 13:00:05')],
    ['2026-11-20 at 14:00', utc('2026-11-20 13:00')],
    ['2026-07-20 14:00', utc('2026-07-20 12:00')],
    ['2026-11-20T14:00:00Z', utc('2026-11-20 14:00')],
    ['2026-11-20t14:00:00z', utc('2026-11-20 14:00')],
    ['2026-11-20 14:00 -05:30', utc('2026-11-20 19:30')],
    ['2026-11-20T14:00+0100', utc('2026-11-20 13:00')],
    ['2026-11-20T14:00+01', utc('2026-11-20 13:00')],
    ['2026-11-20T14:00:00.123456789Z', '2026-11-20T14:00:00.123456789Z'],
    ['2026-11-20T14:00:00,5Z', '2026-11-20T14:00:00.500000000Z'],
    ['1969-12-31T23:59:59.75Z', '1969-12-31T23:59:59.750000000Z'],
    ['2026-11-20 2pm', utc('2026-11-20 13:00')],
    ['14:00', utc('2026-11-21 13:00')],
    ['9:30', utc('2026-11-21 08:30')],
    ['12am', utc('2026-11-20 23:00')],
    ['12:15 pm', utc('2026-11-21 11:15')],
    ['noon', utc('2026-11-21 11:00')],
    ['midnight', utc('2026-11-20 23:00')],
    ['yesterday 14:00', utc('2026-11-20 13:00')],
    ['Yesterday  at 2 PM', utc('2026-11-20 13:00')],
    ['14:00 yesterday', utc('2026-11-20 13:00')],
    ['today 9:30', utc('2026-11-21 08:30')],
    ['today 23:00', utc('2026-11-21 22:00')],
    ['last friday 18:00', utc('2026-11-20 17:00')],
    ['monday 18:00:01', utc('2026-11-16 17:00:01')],
    ['saturday 0:00', utc('2026-11-13 23:00')],
    ['10 minutes ago', '2026-11-21T14:20:10.250000000Z'],
    ['10 min ago', '2026-11-21T14:20:10.250000000Z'],
    ['an hour ago', '2026-11-21T13:30:10.250000000Z'],
    ['2 hours ago', '2026-11-21T12:30:10.250000000Z'],
    ['3 days ago', '2026-11-18T14:30:10.250000000Z'],
    ['3 days ago 14:00', utc('2026-11-18 13:00')],
    ['last week', '2026-11-14T14:30:10.250000000Z'],
    ['last week 8:00', utc('2026-11-14 07:00')],
    ['2 weeks ago', '2026-11-07T14:30:10.250000000Z'],
    ['1 month ago', '2026-10-21T13:30:10.250000000Z'],
    ['last year', '2025-11-21T14:30:10.250000000Z'],
    ['now', '2026-11-21T14:30:10.250000000Z'],
  ])('%s', (text, moment) => {
    expect(read(text)).toBe(moment)
  })

  it('alone is the last such time, never one to come', () => {
    expect(read('15:30')).toBe(utc('2026-11-21 14:30'))
    expect(read('15:31')).toBe(utc('2026-11-20 14:31'))
  })
})

describe('a day alone', () => {
  it.each([
    ['2026-11-20', '2026-11-20', '2026-11-19'],
    ['today', '2026-11-21', '2026-11-20'],
    ['yesterday', '2026-11-20', '2026-11-19'],
    ['friday', '2026-11-20', '2026-11-19'],
    ['last sunday', '2026-11-15', '2026-11-14'],
    ['saturday', '2026-11-14', '2026-11-13'],
    ['last saturday', '2026-11-14', '2026-11-13'],
  ])('%s is its last moment, or its first', (text, day, before) => {
    expect(read(text)).toBe(lastOf(day))
    expect(read(text, 'Europe/Berlin', 'first')).toBe(`${before}T23:00:00.000000000Z`)
  })

  it('ends where the next begins, however long it is', () => {
    for (const day of ['2026-03-29', '2026-10-25', '2024-02-29', '2026-12-31']) {
      const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
      const [last, first] = [read(day), read(next, 'Europe/Berlin', 'first')]
      expect(Date.parse(first ?? '') - Date.parse(last?.replace(/\.9+Z/, '.999Z') ?? '')).toBe(1)
    }
  })

  it('begins at 1:00 where midnight was left out', () => {
    expect(read('2022-03-27', 'Asia/Beirut', 'first')).toBe(utc('2022-03-26 22:00'))
    expect(read('2022-03-26', 'Asia/Beirut')).toBe('2022-03-26T21:59:59.999999999Z')
  })
})

describe('daylight saving', () => {
  it('leaves an hour out: what would be in it is as long behind the gap', () => {
    expect(read('2026-03-29 01:59:59')).toBe(utc('2026-03-29 00:59:59'))
    expect(read('2026-03-29 02:30')).toBe(utc('2026-03-29 01:30'))
    expect(read('2026-03-29 03:00')).toBe(utc('2026-03-29 01:00'))
  })

  it('has an hour twice: the first is meant, and an offset says which', () => {
    expect(read('2026-10-25 02:30')).toBe(utc('2026-10-25 00:30'))
    expect(read('2026-10-25 02:30 +01:00')).toBe(utc('2026-10-25 01:30'))
    expect(read('2026-10-25 03:00')).toBe(utc('2026-10-25 02:00'))
    expect(read('2026-11-01 01:30', 'America/New_York')).toBe(utc('2026-11-01 05:30'))
  })

  it('changes days on the calendar, hours on the clock', () => {
    const afterwards = Date.UTC(2026, 9, 25, 11)
    expect(read('1 day ago', 'Europe/Berlin', 'last', afterwards)).toBe(utc('2026-10-24 10:00'))
    expect(read('24 hours ago', 'Europe/Berlin', 'last', afterwards)).toBe(utc('2026-10-24 11:00'))
  })

  it('knows zones of odd minutes and a day that was skipped', () => {
    expect(read('2026-11-20 14:00', 'Asia/Kathmandu')).toBe(utc('2026-11-20 08:15'))
    expect(read('2026-10-04 02:15', 'Australia/Lord_Howe')).toBe(utc('2026-10-03 15:45'))
    expect(read('2011-12-31 00:00', 'Pacific/Apia')).toBe(utc('2011-12-30 10:00'))
  })
})

describe('months', () => {
  it('of fewer days end at their last', () => {
    const at = Date.UTC(2026, 2, 31, 12)
    expect(read('1 month ago', 'UTC', 'last', at)).toBe(utc('2026-02-28 12:00'))
    expect(read('25 months ago', 'UTC', 'last', at)).toBe(utc('2024-02-29 12:00'))
    expect(read('3 years ago', 'UTC', 'last', Date.UTC(2024, 1, 29))).toBe(utc('2021-02-28 00:00'))
    expect(read('14 months ago', 'UTC', 'last', Date.UTC(2026, 0, 5))).toBe(utc('2024-11-05 00:00'))
  })
})

describe('what is no time', () => {
  it.each([
    '25:00',
    '24:00',
    '12:60',
    '13pm',
    '0am',
    '2026-13-01',
    '2026-02-30',
    '2026-2-3',
    '2026-11-20T',
    '2026-11-20 14:00:60',
    '2026-11-20 14:00 +25:00',
    '2026-11-20 friday',
    '14:00 +01:00',
    'yesterday 25:00',
    'yesterday today',
    'yesterday at',
    'last',
    'last weekday',
    'last time',
    '3 fortnights ago',
    '-3 days ago',
    'minutes ago',
    '3 hours ago 14:00',
    '999999 years ago',
    '0050-01-01',
    '10 minutes',
    'the day before',
  ])('%s is said in one sentence, with examples', (text) => {
    const looksLikeOne = text !== 'last'
    if (!looksLikeOne) return expect(read(text)).toBeNull()
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'E_TIME_UNKNOWN',
        message: expect.stringMatching(/^".*" is no time: .*ago"\.$/),
      }),
    )
  })

  it.each(['3', '20261121', 'QJSLCEPIFXMN', 'swift-eagle', 'v1.2', 'release-2026-11-21', '2026-11-21-final', ''])(
    'nor by its looks: %s',
    (text) => {
      expect(read(text)).toBeNull()
    },
  )

  it('never ends in anything but a sentence', () => {
    const words = [
      'last',
      'monday',
      'ago',
      '3',
      'days',
      'at',
      '14:00',
      'pm',
      '2026-11-21',
      'T',
      'Z',
      '+',
      'yesterday',
      '\0',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 6 }), fc.constantFrom(' ', ''), (parts, gap) => {
        try {
          const moment = read(parts.join(gap))
          if (moment !== null) expect(moment).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_TIME_UNKNOWN' })
        }
      }),
    )
  })

  it('what it writes it reads as the same moment', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham', 'Africa/Casablanca')
    const times = fc.integer({ min: 0, max: 4_102_444_800 })
    fc.assert(
      fc.property(times, zones, (seconds, zone) => {
        const text = new Date(seconds * 1000).toISOString().replace('.000Z', '.000000000Z')
        expect(read(text, zone)).toBe(text)
      }),
    )
  })
})
