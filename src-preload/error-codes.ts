/**
 * Every code of an error that a user may see, and the exit code of `ize` for it. Codes are stable: scripts read them.
 * A code that is missing here (a fault of Ize's own) exits with 1.
 */
export const exitCodes = {
  success: 0,
  fault: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  busy: 5,
  space: 6,
  engine: 7,
  config: 8,
  damaged: 9,
  interrupted: 130,
} as const

export const errorCodes = {
  E_USAGE: exitCodes.usage,
  E_ARGUMENT: exitCodes.usage,

  E_PROJECT_UNKNOWN: exitCodes.notFound,
  E_PATH_UNKNOWN: exitCodes.notFound,
  E_PATH_OUTSIDE: exitCodes.notFound,
  E_VERSION_UNKNOWN: exitCodes.notFound,
  E_VERSION_AMBIGUOUS: exitCodes.notFound,
  E_VERSION_ABSENT: exitCodes.notFound,
  E_TIME_UNKNOWN: exitCodes.usage,
  E_NOTHING_TO_UNDO: exitCodes.notFound,
  E_NOT_VERSIONED: exitCodes.notFound,
  E_SEAL_NAME: exitCodes.notFound,
  E_TAG_UNKNOWN: exitCodes.notFound,
  E_NOT_MOUNTED: exitCodes.notFound,
  E_SOURCE_MISSING: exitCodes.notFound,
  E_INDEX_MISSING: exitCodes.notFound,

  E_NAME_TAKEN: exitCodes.refused,
  E_NAME_INVALID: exitCodes.refused,
  E_TAG_NAME: exitCodes.refused,
  E_TAG_EXISTS: exitCodes.refused,
  E_KEY: exitCodes.refused,
  E_MOUNT_NOT_EMPTY: exitCodes.refused,
  E_MOUNT_NOT_DIRECTORY: exitCodes.refused,
  E_MOUNT_INSIDE_CENTRAL: exitCodes.refused,
  E_MOUNT_INSIDE_MOUNT: exitCodes.refused,
  E_MOUNTED: exitCodes.refused,
  E_MOUNT_SYSTEM: exitCodes.refused,
  E_MOUNT_FAILED: exitCodes.refused,
  E_MOUNT_FUSE: exitCodes.refused,
  E_UNMOUNT: exitCodes.refused,
  E_TRANSPORT: exitCodes.refused,
  E_UNDER_MOUNT: exitCodes.refused,
  E_NOT_CONFIRMED: exitCodes.refused,
  E_BINARY_TO_TERMINAL: exitCodes.refused,
  E_NOT_A_FILE: exitCodes.refused,
  E_RESTORE: exitCodes.refused,
  E_CENTRAL_DIR: exitCodes.refused,
  E_SOURCE_CENTRAL: exitCodes.refused,
  E_IMPORT: exitCodes.refused,
  E_IMPORT_READ: exitCodes.refused,
  E_EXPORT: exitCodes.refused,
  E_EXPORT_TARGET: exitCodes.refused,
  E_OBJECT_LARGE: exitCodes.refused,
  E_PROJECT_VERSION: exitCodes.refused,
  E_LOG_VERSION: exitCodes.refused,
  E_INDEX_VERSION: exitCodes.refused,

  E_MOUNT_BUSY: exitCodes.busy,
  E_ENGINE_BUSY: exitCodes.busy,

  E_SPACE: exitCodes.space,

  E_ENGINE_SILENT: exitCodes.engine,
  E_ENGINE_VERSION: exitCodes.engine,
  E_ENGINE_RUNNING: exitCodes.engine,
  E_ENGINE_GONE: exitCodes.engine,
  E_SOCKET_UNSAFE: exitCodes.engine,

  E_CONFIG_KEY: exitCodes.config,
  E_CONFIG_VALUE: exitCodes.config,
  E_CONFIG_SYNTAX: exitCodes.config,
  E_CONFIG_LEVEL: exitCodes.config,
  E_CONFIG_READ: exitCodes.config,
  E_CONFIG_WRITE: exitCodes.config,

  E_LOG_DAMAGED: exitCodes.damaged,
  E_LOG_STATE_DAMAGED: exitCodes.damaged,
  E_LOG_TREE: exitCodes.damaged,
  E_INDEX_DAMAGED: exitCodes.damaged,
  E_INDEX_DIVERGED: exitCodes.damaged,
  E_PROJECT_DAMAGED: exitCodes.damaged,
  E_OBJECTS: exitCodes.damaged,
  E_OBJECT_MISSING: exitCodes.damaged,
  E_OBJECT_DAMAGED: exitCodes.damaged,
  E_PLAN: exitCodes.damaged,
  E_WORKING: exitCodes.damaged,
  E_APPLY: exitCodes.damaged,
  E_RECORD: exitCodes.damaged,
  E_MMR_DAMAGED: exitCodes.damaged,
  E_REF_DAMAGED: exitCodes.damaged,
  E_PROOF_FORMAT: exitCodes.damaged,
  E_PROOF_FILE: exitCodes.damaged,
  E_PROOF_TREE: exitCodes.damaged,
  E_PROOF_SEAL: exitCodes.damaged,
  E_PROOF_RANGE: exitCodes.damaged,
  E_PROOF_ROOT: exitCodes.damaged,
  E_PROOF_SIGNATURE: exitCodes.damaged,
  E_CHANGE_FOREIGN: exitCodes.damaged,

  E_CANCELLED: exitCodes.interrupted,
  E_INTERNAL: exitCodes.fault,
} as const

export type ErrorCode = keyof typeof errorCodes

export function exitCodeOf(code: string): number {
  return code in errorCodes ? errorCodes[code as ErrorCode] : exitCodes.fault
}
