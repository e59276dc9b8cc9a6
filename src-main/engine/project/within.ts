/** Waits for work, and when it takes longer than `ms`, does what is to be done then. */
export async function within(work: Promise<unknown>, ms: number, late: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), ms)))
  const isLate = await Promise.race([work.then(() => false), timeout])
  clearTimeout(timer)
  if (isLate) await late()
}
