/** Shared with the engine's clients, which turn what came over the socket into the same class. */
export { IzeError } from '../../src-preload/ize-error.ts'
