/** Where the focus belongs on a screen, if nowhere nearer. */
const HOME = '[data-home], [role="tab"][aria-selected="true"]'
const LISTS = '[role="treegrid"], [role="listbox"], [role="tree"]'
const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
/** What lies over the screen: the focus was somewhere else before, and goes back there. */
const OVER = '[role="dialog"], [role="menu"], .toasts'

/** Where the focus was. */
interface Place {
  /** Selector of what is like it. */
  readonly like: string
  /** It and all that it stands in, from the inside out. */
  readonly around: readonly Element[]
}

/**
 * The focus is never lost: when what holds it goes (a row that was put back, a screen that was left, a dialog that was
 * closed, a pane that a narrow window hides), it goes to the nearest thing like it, or else to the nearest that stays;
 * while that is loading, to what holds it. What a person puts aside by a click beside it stays aside. Until the returned
 * function is called.
 */
export function keepFocus(): () => void {
  let held: Element | null = null
  /** Below what lies over the screen. */
  let place: Place | null = null
  /** What has the focus until that which is loading is there. */
  let holder: Element | null = null
  const focused = ({ target }: FocusEvent): void => {
    if (!(target instanceof Element) || target === holder) return
    held = target
    holder = null
    if (target.closest(OVER) === null) place = placeOf(target)
  }
  const hold = (element: HTMLElement | null): void => {
    holder = element
    element?.focus({ preventScroll: true })
  }
  const look = (): void => {
    const { activeElement } = document
    const waits = holder !== null && activeElement === holder
    const lost = activeElement === document.body && held !== null && !isThere(held)
    // What lies over the screen keeps the focus in it by itself.
    if ((!waits && !lost) || !place || document.querySelector('[role="dialog"], [role="menu"]')) return
    const to = landing(place)
    if (to.kind === 'stop') to.element.focus({ preventScroll: true })
    else if (to.element !== holder) hold(to.element)
  }
  // What is hidden loses the focus only when it is drawn, what is removed at once, and not always with an event.
  const later = (): void => void setTimeout(look)
  const observer = new MutationObserver(look)
  document.addEventListener('focusin', focused)
  document.addEventListener('focusout', later)
  observer.observe(document.body, { childList: true, subtree: true })
  return () => {
    document.removeEventListener('focusin', focused)
    document.removeEventListener('focusout', later)
    observer.disconnect()
  }
}

/** The first thing in it that takes the focus; a list before what stands beside it. */
export function stopIn(element: Element): HTMLElement | null {
  return firstThere(element, HOME) ?? firstThere(element, LISTS) ?? firstThere(element, STOPS)
}

export function isThere(element: Element): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled')
}

function firstThere(element: Element, selector: string): HTMLElement | null {
  return [...element.querySelectorAll<HTMLElement>(selector)].find(isThere) ?? null
}

type Landing =
  | { readonly kind: 'stop'; readonly element: HTMLElement }
  /** It is on its way, and this has the focus until then; null: nothing there can. */
  | { readonly kind: 'wait'; readonly element: HTMLElement | null }

function landing({ like, around }: Place): Landing {
  for (const element of around) {
    if (element.localName === 'main') break
    if (!isThere(element)) continue
    if (element.matches(STOPS)) return { kind: 'stop', element: element as HTMLElement }
    const same = firstThere(element, like)
    if (same) return { kind: 'stop', element: same }
    if (element.querySelector('[aria-busy="true"]'))
      return { kind: 'wait', element: element.closest<HTMLElement>('[tabindex="-1"]') }
    const stop = stopIn(element)
    if (stop) return { kind: 'stop', element: stop }
  }
  const main = document.querySelector('main')
  const home = main && firstThere(main, HOME)
  return home ? { kind: 'stop', element: home } : { kind: 'wait', element: main }
}

function placeOf(element: Element): Place {
  const { localName, classList, role } = element
  const [name] = classList
  const like = `${localName}${name === undefined ? '' : `.${CSS.escape(name)}`}${role === null ? '' : `[role="${role}"]`}`
  const around: Element[] = []
  for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) around.push(at)
  return { like, around }
}
