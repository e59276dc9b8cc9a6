import { constants } from 'node:fs'
import { IzeError } from '../ize-error.ts'
import * as native from '../sys/native.ts'

/** zstd's own default: higher levels cost more time than a save may take. */
const COMPRESSION = 3

/**
 * The contents of all versions: one immutable object for each, found by the BLAKE3 address of its bytes
 * (`objects/ab/cdef…`, zstd). What is read is verified; a wrong byte is an error, never a wrong content.
 *
 * Objects are not flushed one by one: who refers to them syncs the file system before it does so.
 */
export class ObjectStore {
  private constructor(
    private readonly directory: string,
    private readonly fd: number,
  ) {}

  /** Opens `objects/`, which exists. Errors: E_OBJECTS. */
  static open(directory: string): ObjectStore {
    const bytes = Buffer.from(directory).toString('latin1')
    const fd = native.openAt(native.AT_FDCWD, bytes, constants.O_RDONLY | constants.O_DIRECTORY, 0)
    if (fd < 0) throw new IzeError('E_OBJECTS', `The object store ${directory} cannot be opened (errno ${-fd}).`)
    return new ObjectStore(directory, fd)
  }

  /** Keeps bytes; keeping the same bytes again costs only their hashing. */
  put(bytes: Uint8Array): native.StoredObject {
    return native.storeBuffer(this.fd, bytes, COMPRESSION)
  }

  /**
   * Keeps contents that lie in files, each given as triples [descriptor, offset, length] (descriptor -1: zeros), on all
   * cores, in order. Texts up to `keepUpTo` bytes come back with the result.
   */
  putAll(contents: readonly Float64Array[], keepUpTo: number): Promise<native.StoredObject[]> {
    return native.storeObjects(this.fd, [...contents], COMPRESSION, keepUpTo)
  }

  /** The bytes of an object of up to `limit` bytes. Errors: E_OBJECT_MISSING, E_OBJECT_DAMAGED, E_OBJECT_LARGE. */
  read(object: string, limit: number): Buffer {
    try {
      return native.readObject(this.fd, object, limit)
    } catch (error) {
      throw this.named(error, object)
    }
  }

  /** Writes an object's bytes to a descriptor, at its position, and returns how many. Errors as of `read`. */
  async copyTo(object: string, fd: number): Promise<number> {
    try {
      return await native.copyObject(this.fd, object, fd)
    } catch (error) {
      throw this.named(error, object)
    }
  }

  close(): void {
    native.closeFd(this.fd)
  }

  private named(error: unknown, object: string): unknown {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const where = `${this.directory}/${object.slice(0, 2)}/${object.slice(2)}`
    switch (code) {
      case 'EIZE_OBJECT_MISSING':
        return new IzeError('E_OBJECT_MISSING', `The content ${where} is missing.`, { object }, { cause: error })
      case 'EIZE_OBJECT_DAMAGED':
        return new IzeError('E_OBJECT_DAMAGED', `The content ${where} is damaged.`, { object }, { cause: error })
      case 'EIZE_OBJECT_LARGE':
        return new IzeError(
          'E_OBJECT_LARGE',
          `The content ${object} is too large for this.`,
          { object },
          { cause: error },
        )
      default:
        return error
    }
  }
}
