import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { randomInt } from 'node:crypto';

const LOOPBACK = '127.0.0.1';
const MAX_CONNECTIONS = 256;

/**
 * Temporal's Web UI accepts every Host and has no authentication, so a page in a browser could use DNS rebinding to read and end workflows.
 * This proxy stands before it and accepts this machine's own names only; the UI itself listens at an address that no page can guess.
 */
export class WebUIDoor {
  private constructor(private readonly server: Server) {}

  /**
   * @param port of 127.0.0.1, where people open the UI
   * @param behind address of the UI
   */
  static async open(port: number, behind: { host: string; port: number }): Promise<WebUIDoor> {
    const names = new Set([`${LOOPBACK}:${port}`, `localhost:${port}`]);
    const server = createServer({ headersTimeout: 5_000, requestTimeout: 30_000 }, (request, response) => {
      if (names.has(request.headers.host?.toLowerCase() ?? '')) pass(request, response, behind);
      else refuse(response, 403, `This address answers to ${[...names].join(' and ')} only.\n`);
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
    return new WebUIDoor(server);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** One of sixteen million loopback addresses where that many exist, as on Linux: neither a name nor a port scan finds it. */
export function hiddenLoopback(): string {
  return process.platform === 'linux' ? `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}` : LOOPBACK;
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { host, port }: { host: string; port: number },
): void {
  const { method, url: path, headers } = request;
  const passed = httpRequest({ host, port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.once('error', () => refuse(response, 502, "Temporal's Web UI does not answer.\n"));
  response.once('close', () => passed.destroy());
  request.pipe(passed);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end(text);
}
