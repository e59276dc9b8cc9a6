import { lstatSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildVersion } from '../../src-preload/build-version.ts'
import { engineLock, type EngineLockFile } from '../../src-preload/engine-lock.ts'
import { IzeError } from '../../src-preload/ize-error.ts'
import { centralDirectoryPath } from '../engine/config/locations.ts'
import { EngineClient } from './engine-client.ts'
import { bundleDirectory, engineLog, startEngine, type StartedEngine } from './engine-process.ts'
import { isAlive } from './is-alive.ts'

export interface ConnectOptions {
  /** Default: that of the settings. */
  readonly centralDirectory?: string
  /** Default: that of the bundles beside this one. */
  readonly version?: string
  /** How long the engine may take to answer. */
  readonly patienceMs?: number
}

const PATIENCE_MS = 10_000
const RETRY_MS = 20
/** Handovers of one connection: two versions that start engines at the same moment settle it within that. */
const HANDOVERS = 3

/**
 * A connection to the engine of a central directory, which is started when there is none, and asked to hand over when
 * it is of another version than this program.
 *
 * The lock file names the engine's socket. An engine that is about to start or to end is waited for.
 * Errors: E_ENGINE_SILENT when nothing answers in time, E_ENGINE_VERSION when it would not hand over, E_SOCKET_UNSAFE,
 * and what the engine says of why it cannot start.
 */
export async function connectEngine(options: ConnectOptions = {}): Promise<EngineClient> {
  const centralDirectory = options.centralDirectory ?? (await centralDirectoryPath())
  let version = options.version ?? buildVersion(bundleDirectory())
  const deadline = performance.now() + (options.patienceMs ?? PATIENCE_MS)
  let started: StartedEngine | null = null
  let failure: IzeError | null | undefined
  let other: string | null = null
  let handovers = 0
  while (performance.now() < deadline) {
    const lock = readLock(centralDirectory)
    const reached = lock && (await reach(lock, deadline))
    // A checkout may have been built anew since this program began.
    if (reached && reached.version !== version) version = options.version ?? buildVersion(bundleDirectory())
    if (reached?.version === version) return reached.client
    if (reached) {
      other = reached.version
      if (++handovers > HANDOVERS) {
        reached.client.close()
        throw wrongVersion(
          other,
          version,
          'the next one is so again: this copy of Ize is not whole; build or install it anew',
        )
      }
      await handOver(reached.client, other, version, deadline)
    }
    if (failure) throw failure
    // Another engine held the lock: it answers soon, or it was about to end and ours has to be started again.
    if (failure === null) started = null
    if (!started && !reached) {
      failure = undefined
      started = startEngine(centralDirectory)
      void started.failed.then((why) => (failure = why))
    }
    await sleep(RETRY_MS)
  }
  if (other !== null) throw wrongVersion(other, version, 'it did not end when asked to')
  const pid = readLock(centralDirectory)?.pid
  const log = engineLog(centralDirectory)
  throw new IzeError(
    'E_ENGINE_SILENT',
    `The engine${pid === undefined ? '' : ` (process ${pid})`} does not answer; ${log} may say why.${pid === undefined ? '' : ` If it hangs, end it with: kill ${pid}`}`,
    { log, pid: pid ?? null },
  )
}

/** A connection to the engine if one runs, of whatever version; else null. Starts nothing. */
export async function connectRunningEngine(
  options: Omit<ConnectOptions, 'version'> = {},
): Promise<EngineClient | null> {
  const lock = readLock(options.centralDirectory ?? (await centralDirectoryPath()))
  if (!lock) return null
  const patience = options.patienceMs ?? PATIENCE_MS
  const reached = await reach(lock, performance.now() + patience)
  if (reached) return reached.client
  if (!isAlive(lock.pid)) return null
  throw new IzeError(
    'E_ENGINE_SILENT',
    `The engine (process ${lock.pid}) does not answer. If it hangs, end it with: kill ${lock.pid}`,
    { pid: lock.pid },
  )
}

/** What the lock file says; null: there is no engine, or it has not come so far. */
export function readLock(centralDirectory: string): EngineLockFile | null {
  try {
    return engineLock.parse(JSON.parse(readFileSync(join(centralDirectory, 'engine.lock'), 'utf8')))
  } catch {
    // Absent, empty, or just being written: in each case there is nobody to talk to yet.
    return null
  }
}

async function reach(
  lock: EngineLockFile,
  deadline: number,
): Promise<{ client: EngineClient; version: string } | null> {
  if (!checkDirectory(lock.socket)) return null
  const client = await EngineClient.open(lock.socket).catch(() => null)
  if (!client) return null
  const silence = new AbortController()
  const silent = sleep(Math.max(0, deadline - performance.now()), null, { signal: silence.signal }).catch(() => null)
  const info = await Promise.race([client.request('engine.info', {}).catch(versionOfStranger), silent])
  silence.abort()
  if (info) return { client, version: info.version }
  client.close()
  return null
}

/** An engine that cannot even say who it is in our words is of another version; one that is gone is none. */
function versionOfStranger(error: unknown): { version: string } | null {
  if (error instanceof IzeError && error.code === 'E_ENGINE_GONE') return null
  return { version: 'unknown' }
}

async function handOver(client: EngineClient, theirs: string, ours: string, deadline: number): Promise<void> {
  const tooLate = sleep(Math.max(0, deadline - performance.now()), 'late' as const, { ref: false })
  try {
    const answer = client.request('engine.handover', { version: ours }).then(() => client.whenClosed())
    if ((await Promise.race([answer, tooLate])) === 'late')
      throw wrongVersion(theirs, ours, 'it did not end when asked to')
  } catch (error) {
    if (error instanceof IzeError && error.code === 'E_ENGINE_GONE') return
    if (error instanceof IzeError && error.code === 'E_ENGINE_BUSY')
      throw wrongVersion(theirs, ours, 'it is at work; try again when that is done')
    if (error instanceof IzeError && error.code === 'E_ENGINE_VERSION') throw error
    throw wrongVersion(theirs, ours, 'it cannot hand over')
  } finally {
    client.close()
  }
}

function wrongVersion(theirs: string, ours: string, why: string): IzeError {
  return new IzeError(
    'E_ENGINE_VERSION',
    `The running engine is version ${theirs}, this program is ${ours}, and ${why}.`,
    { engine: theirs, client: ours },
  )
}

/** The socket's directory must be its owner's alone, or someone else may listen there. Errors: E_SOCKET_UNSAFE. */
function checkDirectory(socket: string): boolean {
  const directory = dirname(socket)
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (!found) return false
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0) return true
  throw new IzeError(
    'E_SOCKET_UNSAFE',
    `${directory}, where the engine's socket is, is not a folder of yours alone. Remove it, then try again.`,
    { directory },
  )
}
