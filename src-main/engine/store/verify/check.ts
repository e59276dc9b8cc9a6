import { IzeError } from '../../ize-error.ts'

/** What of a project's history is wrong. */
export interface Fault {
  readonly what: 'object' | 'range' | 'seal' | 'tree' | 'content' | 'head' | 'tag' | 'root' | 'pruned'
  /** One sentence. */
  readonly message: string
  /** The object that is wrong or missing, where there is one. */
  readonly object: string | null
  /** The number of the seal, which is that of its change. */
  readonly change: number | null
}

export interface Progress {
  readonly phase: 'objects' | 'range' | 'seals'
  /** Bytes of objects; else seals. */
  readonly done: number
  /** Null: not known. */
  readonly total: number | null
}

export interface CheckOptions {
  readonly progress: (progress: Progress) => void
  readonly cancelled: () => boolean
}

/** So many are told; of the rest only how many there are. */
const TOLD = 1000

/** What a check has found so far. */
export class Check {
  readonly faults: Fault[] = []
  /** Faults that are not told. */
  more = 0

  constructor(private readonly options: CheckOptions) {}

  fault(what: Fault['what'], message: string, { object = null, change = null }: Partial<Fault> = {}): void {
    if (this.faults.length < TOLD) this.faults.push({ what, message, object, change })
    else this.more++
  }

  /** Tells how far the work is. Errors: E_CANCELLED. */
  at(phase: Progress['phase'], done: number, total: number | null): void {
    if (this.options.cancelled()) throw new IzeError('E_CANCELLED', 'The check was cancelled.')
    this.options.progress({ phase, done, total })
  }

  /** Runs `work`; what it finds wrong with data is a fault, and the answer then null. */
  guard<T>(what: Fault['what'], about: string, where: Partial<Fault>, work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      const found = damageOf(error)
      this.fault(what, `${about}: ${found.message}`, { object: objectOf(found), ...where })
      return null
    }
  }
}

const DAMAGE = ['E_OBJECT_MISSING', 'E_OBJECT_DAMAGED', 'E_OBJECT_LARGE', 'E_MMR_DAMAGED', 'E_REF_DAMAGED']

/** The error, if it is about damage; others are thrown on. */
export function damageOf(error: unknown): IzeError {
  if (error instanceof IzeError && DAMAGE.includes(error.code)) return error
  throw error
}

function objectOf({ data }: IzeError): string | null {
  return typeof data['object'] === 'string' ? data['object'] : null
}
