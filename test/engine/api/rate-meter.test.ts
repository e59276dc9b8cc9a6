import { describe, expect, it } from 'vitest'
import { RateMeter } from '../../../src-main/engine/api/rate-meter.ts'

describe('a rate', () => {
  it('is what was counted within the last moments, a second, and goes back to nothing', () => {
    let now = 0
    const meter = new RateMeter(() => now)
    expect(meter.knows).toBe(false)
    for (let step = 0; step <= 4; step++) {
      now = step * 250
      meter.take({ saved: 1000 + step * 100, recorded: 10 * step })
    }
    expect(meter.rate).toEqual({ saved: 400, recorded: 40 })
    for (let step = 5; step <= 20; step++) {
      now = step * 250
      meter.take({ saved: 1400, recorded: 40 })
    }
    expect(meter.isStill).toBe(true)
  })

  it('does not take a mount that begins to count anew for operations', () => {
    let now = 0
    const meter = new RateMeter(() => now)
    meter.take({ saved: 5000, recorded: 5000 })
    now = 250
    meter.take({ saved: 0, recorded: 0 })
    expect(meter.rate).toEqual({ saved: 0, recorded: 0 })
    now = 500
    meter.take({ saved: 10, recorded: 0 })
    expect(meter.rate).toEqual({ saved: 40, recorded: 0 })
  })
})
