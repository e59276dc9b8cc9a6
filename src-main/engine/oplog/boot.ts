import { readFileSync } from 'node:fs'

/**
 * Which run of the machine this is: 16 hex digits that change with each boot. A log last written in another run may
 * have lost what was not synced; one written in this run may not. '' where the system does not tell.
 */
export function currentBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').replaceAll('-', '').slice(0, 16)
  } catch {
    return ''
  }
}

export function bootToBytes(boot: string): bigint {
  return boot === '' ? 0n : BigInt(`0x${boot}`)
}

export function bootFromBytes(bytes: bigint): string {
  return bytes === 0n ? '' : bytes.toString(16).padStart(16, '0')
}
