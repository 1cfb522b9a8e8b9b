import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { EXIT, FatalError } from '../../process/exit-codes.js';
import { answerAvailability } from './availability-requests.js';
import type { OwnDrain } from '../../availability/own-drain.js';
import type { AgentStatus } from '../../membership/agent-status.js';
import type { Log } from '../../process/log.js';
import { agentVersion } from '../../process/version.js';
import type { SessionHost } from '../session-host.js';
import { EndpointSecret } from './endpoint-secret.js';
import { BadRequest, readEnd, readId, readShown, readWait } from './endpoint-requests.js';
import { readJson } from './json-body.js';
import { TerminationWaiters } from './termination-waiters.js';

/** Maximum length of a socket's path on every system, in bytes. */
const MAX_SOCKET_PATH = 103;
const MAX_CONNECTIONS = 256;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

interface Answer {
  status: number;
  body?: object;
}

/**
 * The local endpoint where other engines of the node report their sessions and learn which to end, and where this machine reads its agent's status.
 * It always has a socket in the state folder, which only the agent's own user can open. If configured, it also has a port on loopback, which every
 * user of the machine can reach: there it demands the token in a file that only the agent's own user can read. Engines are given that token, so
 * availability can be changed at the socket alone.
 */
export class SessionsEndpoint {
  private readonly servers: Server[] = [];
  private readonly waiters: TerminationWaiters;

  constructor(
    private readonly host: SessionHost,
    private readonly stateDir: string,
    private readonly agentStatus: AgentStatus,
    private readonly log: Log,
    private readonly ownDrain?: OwnDrain,
  ) {
    this.waiters = new TerminationWaiters(() => host.toTell());
    host.onTermination = () => this.waiters.look();
  }

  /**
   * @param port absent for no port; 0 for any free one
   * @returns number of the port, if there is one
   * @throws FatalError if the port is not available
   */
  async start(port: number | undefined): Promise<number | undefined> {
    await this.openSocket(join(this.stateDir, 'sessions.sock'));
    return port === undefined ? undefined : this.openPort(port);
  }

  async stop(): Promise<void> {
    this.waiters.release();
    for (const server of this.servers.splice(0)) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  }

  private async openSocket(path: string): Promise<void> {
    if (process.platform === 'win32') return;
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      this.log.warn(
        `${path} is too long for a socket: other engines can show their sessions by Compute.Sessions.EndpointPort only, or with a shorter Compute.StateDir`,
      );
      return;
    }
    // The state folder belongs to this process alone, so an existing socket is the remains of a killed one.
    await rm(path, { force: true });
    const server = this.create((request, response) => void this.serve(request, response, this.ownDrain));
    server.listen(path);
    try {
      await once(server, 'listening');
      await chmod(path, 0o600);
    } catch (error) {
      this.log.warn(`other engines cannot show their sessions at ${path}: ${(error as Error).message}`);
    }
  }

  private async openPort(port: number): Promise<number> {
    const secret = await EndpointSecret.of(join(this.stateDir, 'sessions.token'));
    const server = this.create((request, response) => {
      const refusal = whyNotFromHere(request);
      if (refusal) send(response, { status: 403, body: { detail: refusal } });
      else if (!secret.isIn(request.headers.authorization))
        send(response, {
          status: 401,
          body: {
            detail: `this port is for who can read ${secret.path}: send its text as Authorization: Bearer TOKEN`,
          },
        });
      else void this.serve(request, response);
    });
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new FatalError(
        `Compute.Sessions.EndpointPort ${port} cannot be had: ${(error as Error).message}; set it to a free port, or to 0`,
        EXIT.failed,
      );
    }
    const { port: bound } = server.address() as AddressInfo;
    this.log.info(
      { port: bound },
      `other engines can show their sessions at http://127.0.0.1:${bound}, with the token in ${secret.path}`,
    );
    return bound;
  }

  private create(listener: (request: IncomingMessage, response: ServerResponse) => void): Server {
    const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8_192 }, listener);
    server.maxConnections = MAX_CONNECTIONS;
    this.servers.push(server);
    return server;
  }

  /** @param ownDrain absent if availability cannot be changed here */
  private async serve(request: IncomingMessage, response: ServerResponse, ownDrain?: OwnDrain): Promise<void> {
    try {
      send(response, await this.answer(request, response, ownDrain));
    } catch (error) {
      if (error instanceof BadRequest) return send(response, { status: error.status, body: { detail: error.message } });
      // The caller disconnected in the middle of its request.
      if (request.destroyed && !request.complete) return;
      this.log.error(`a request of another engine failed: ${(error as Error).message}`);
      send(response, { status: 500, body: { detail: 'the agent failed' } });
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse, ownDrain?: OwnDrain): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://agent');
    const { method = '' } = request;
    if (pathname === '/terminations') {
      if (method !== 'GET') throw new BadRequest(`${pathname} takes GET only`, 405);
      return {
        status: 200,
        body: { terminations: await this.waiters.wait(readWait(searchParams), goneWith(response)) },
      };
    }
    if (pathname === '/availability' && ownDrain) {
      if (method !== 'GET' && method !== 'PUT') throw new BadRequest(`${pathname} takes GET and PUT only`, 405);
      return { status: 200, body: await answerAvailability(request, searchParams, ownDrain, goneWith(response)) };
    }
    if (pathname === '/status') {
      if (method !== 'GET') throw new BadRequest(`${pathname} takes GET only`, 405);
      return { status: 200, body: { version: agentVersion(), ...this.agentStatus.report } };
    }
    const [, id] = /^\/sessions\/([^/]+)$/.exec(pathname) ?? [];
    if (id === undefined)
      throw new BadRequest('there are PUT and DELETE /sessions/{id}, GET /terminations, and GET /status', 404);
    if (method === 'PUT') return this.show(readId(decoded(id)), await readJson(request));
    if (method === 'DELETE') return this.hide(readId(decoded(id)), await readJson(request));
    throw new BadRequest('a session takes PUT and DELETE only', 405);
  }

  private show(id: string, body: unknown): Answer {
    const refusal = this.host.show(id, readShown(body));
    if (refusal !== undefined) throw new BadRequest(refusal, 409);
    return { status: 204 };
  }

  private async hide(id: string, body: unknown): Promise<Answer> {
    if (!(await this.host.hide(id, readEnd(body)))) throw new BadRequest(`no engine shows a session ${id}`, 404);
    return { status: 204 };
  }
}

/**
 * A page in a browser on this machine can reach the port. Its requests have an Origin, unless DNS rebinding makes the page's own name resolve
 * to this machine: then Host has that name.
 */
function whyNotFromHere({ headers }: IncomingMessage): string | undefined {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) return 'this port answers to 127.0.0.1 and localhost only';
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    return 'this port is for engines, not for pages in a browser';
  return undefined;
}

function goneWith(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (response.destroyed || response.headersSent) return;
  // An unread rest of a refused body would be taken for the next request.
  const headers = status === 413 ? { connection: 'close' } : {};
  response.writeHead(status, {
    ...headers,
    ...(body ? { 'content-type': 'application/json', 'cache-control': 'no-store' } : {}),
  });
  response.end(body && JSON.stringify(body));
}
