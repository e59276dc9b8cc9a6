import type { Page } from 'playwright-core'

/** What has the focus, as it is seen. */
export interface Stop {
  /** Tag, role and the first words. */
  readonly what: string
  /** A line around it (or around what stands for it) says that it has the focus. */
  readonly ring: boolean
  /** It lies within the window. */
  readonly inSight: boolean
}

/** The label or the first words of what has the focus; `nothing`: the focus is lost. */
export function focusOn(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return 'nothing'
    const label = element.getAttribute('aria-label') ?? element.closest('label')?.textContent ?? element.textContent
    return (label || element.localName).trim().replace(/\s+/g, ' ').slice(0, 80)
  })
}

/** Goes once through all that the tabulator reaches from where the focus is. */
export async function tabThrough(page: Page, most = 150): Promise<Stop[]> {
  await page.evaluate(() => Reflect.set(globalThis, 'passed', new Set()))
  const stops: Stop[] = []
  while (stops.length < most) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(look)
    if (stop === 'outside' && stops.length === 0) continue
    if (stop === 'outside' || stop === 'passed') return stops
    stops.push(stop)
  }
  throw new Error(`The tabulator is in a circle: ${stops.map(({ what }) => what).join(' > ')}`)
}

/** Runs in the page. */
function look(): Stop | 'outside' | 'passed' {
  const element = document.activeElement
  const passed = Reflect.get(globalThis, 'passed') as Set<Element>
  if (!element || element === document.body) return 'outside'
  if (passed.has(element)) return 'passed'
  passed.add(element)
  const drawn = (one: Element | null, part?: string): boolean => {
    if (!one) return false
    const { outlineStyle, outlineWidth, borderTopWidth, content } = getComputedStyle(one, part)
    if (part !== undefined) return content !== 'none' && parseFloat(borderTopWidth) >= 1
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
  }
  const active = document.getElementById(element.getAttribute('aria-activedescendant') ?? '')
  // What is read and not shown stands in its label.
  const shown = element.closest('label') ?? element
  const { left, top, right, bottom } = shown.getBoundingClientRect()
  const text = element.getAttribute('aria-label') ?? shown.textContent ?? ''
  return {
    what: `${element.localName}${element.role === null ? '' : `[${element.role}]`} ${text.trim().slice(0, 40)}`,
    ring: [element, shown, active, element.parentElement].some((one) => drawn(one)) || drawn(element, '::after'),
    inSight:
      right - left >= 4 && bottom - top >= 4 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight,
  }
}

/** What can be focused and has no name or no role on the accessibility tree. */
export async function withoutName(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('Accessibility.enable')
    const { nodes } = await session.send('Accessibility.getFullAXTree')
    const faults = nodes.filter(({ ignored, properties = [], role, name }) => {
      const focusable = properties.some(({ name, value }) => name === 'focusable' && value.value === true)
      const is = String(role?.value ?? '')
      if (ignored || !focusable || ['RootWebArea', 'main'].includes(is)) return false
      return ['', 'generic', 'none'].includes(is) || String(name?.value ?? '').trim() === ''
    })
    const told: string[] = []
    for (const { backendDOMNodeId: backendNodeId, role } of faults) {
      if (backendNodeId === undefined) continue
      const { outerHTML } = await session.send('DOM.getOuterHTML', { backendNodeId })
      told.push(`${String(role?.value)}: ${outerHTML.slice(0, 160)}`)
    }
    return told
  } finally {
    await session.detach()
  }
}
