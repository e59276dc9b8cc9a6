/**
 * Named places between the steps of the write order, where tests end the process: `IZE_FAILPOINT=name:n` kills it, as
 * kill -9 does, when the place is reached for the n-th time.
 */
export type Failpoint =
  | 'objects-stored'
  | 'pijul-committed'
  | 'index-written'
  | 'plan-written'
  | 'step'
  | 'plan-done'
  | 'applied-written'
  | 'trimming'

const [wanted, count] = (process.env['IZE_FAILPOINT'] ?? '').split(':')
let left = Number(count ?? 1)

export function reached(place: Failpoint): void {
  if (place === wanted && --left === 0) process.kill(process.pid, 'SIGKILL')
}
