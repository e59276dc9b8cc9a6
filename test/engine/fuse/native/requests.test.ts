import { beforeEach, describe, expect, it } from 'vitest'
import { Growth } from '../../../../src-main/engine/fuse/growth.ts'
import { Requests, type Outcome } from '../../../../src-main/engine/fuse/native/requests.ts'

const EIO = 5
const ENOSPC = 28

let room: number
let growth: Growth
let parked: number
let reports: string[]
let between: () => void
let requests: Requests
let answers: unknown[]

beforeEach(() => {
  room = 2
  parked = 0
  reports = []
  answers = []
  between = () => undefined
  const log = {
    bytes: 0,
    get operations() {
      return -room
    },
  }
  const reserve = { held: true, take: () => true, doubt: () => undefined }
  growth = new Growth(log, reserve, { limitBytes: 1, limitOperations: 0 })
  requests = new Requests({
    growth,
    between: () => between(),
    parked: (count) => (parked = count),
    report: (message) => reports.push(message),
  })
})

function ask(name: string, grows: boolean, work: () => Outcome = () => 0): void {
  requests.serve(
    name,
    grows ? 'grows' : 'no',
    () => {
      if (grows) room--
      return work()
    },
    (...answer) => answers.push([name, ...answer]),
  )
}

describe('requests', () => {
  it('are answered with what they come to', () => {
    ask('count', false, () => 7)
    ask('value', false, () => [0, 'a', 'b'])
    expect(answers).toEqual([
      ['count', 7],
      ['value', 0, 'a', 'b'],
    ])
  })

  it('that throw are answered EIO once, and told of', () => {
    ask('bad', false, () => {
      throw new Error('broken')
    })
    expect(answers).toEqual([['bad', -EIO]])
    expect(reports).toEqual(['bad failed'])
  })

  it('that would grow a full log wait in order, while others are served', () => {
    for (const name of ['a', 'b', 'c', 'd']) ask(name, true)
    expect(parked).toBe(2)
    ask('read', false)
    expect(answers).toEqual([
      ['a', 0],
      ['b', 0],
      ['read', 0],
    ])
    room = 1
    requests.resume()
    expect(answers.slice(3)).toEqual([['c', 0]])
    // Room that comes in the middle of a request is used behind it.
    between = () => (room = 5)
    ask('read', false)
    expect(answers.slice(4)).toEqual([
      ['read', 0],
      ['d', 0],
    ])
    expect(parked).toBe(0)
  })

  it('that wait for a recorder that stopped are refused, with the reason', () => {
    for (const name of ['a', 'b', 'c']) ask(name, true)
    growth.recorderIs('full')
    requests.resume()
    growth.recorderIs('error')
    ask('d', true)
    expect(answers.slice(2)).toEqual([
      ['c', -ENOSPC],
      ['d', -EIO],
    ])
    expect(parked).toBe(0)
  })

  it('that make room are served on a full disk', () => {
    growth.recorderIs('full')
    ask('write', true)
    requests.serve(
      'truncate',
      'makes room',
      () => 0,
      (...answer) => answers.push(['truncate', ...answer]),
    )
    expect(answers).toEqual([
      ['write', -ENOSPC],
      ['truncate', 0],
    ])
  })

  it('are all answered when the service ends', () => {
    for (const name of ['a', 'b', 'c']) ask(name, true)
    requests.end()
    ask('late', false, () => {
      throw new Error('The volume is closed.')
    })
    expect(answers.slice(2)).toEqual([
      ['c', -EIO],
      ['late', -EIO],
    ])
    expect(reports).toEqual([])
  })
})
