import { chmod, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { z } from 'zod'
import { IzeError } from '../ize-error.ts'
import { peerCredentials } from '../sys/native.ts'
import { prepareSocketDirectory } from './socket-path.ts'

/**
 * Listens for clients of the same user. The caller holds the engine's lock, so a socket that is found there already is
 * that of an engine that died, or of something that is no engine: it is replaced.
 */
export class SocketServer {
  private constructor(private readonly server: Server) {}

  /** Errors: E_SOCKET_UNSAFE. */
  static async listen(path: string, accept: (socket: Socket) => void): Promise<SocketServer> {
    await prepareSocketDirectory(path)
    await unlink(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT')
        throw new IzeError('E_SOCKET_UNSAFE', `${path}, left by another program, cannot be removed: ${error.message}.`)
    })
    const server = createServer((socket) => {
      if (isOwn(socket)) accept(socket)
      else socket.destroy()
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, resolve)
    })
    // The directory keeps others out from the first moment on; this is for whoever changes its mode later.
    await chmod(path, 0o600)
    return new SocketServer(server)
  }

  /** Takes no more clients; Node removes the socket's name. */
  close(): void {
    this.server.close()
  }
}

const withHandle = z.object({ _handle: z.object({ fd: z.number().int().min(0) }) })

/** Who connected runs as the same user (or as root, whom nothing keeps out anyway). */
function isOwn(socket: Socket): boolean {
  const handle = withHandle.safeParse(socket)
  if (!handle.success) return false
  const peer = peerCredentials(handle.data._handle.fd)
  return typeof peer !== 'number' && (peer.uid === process.getuid?.() || peer.uid === 0)
}
